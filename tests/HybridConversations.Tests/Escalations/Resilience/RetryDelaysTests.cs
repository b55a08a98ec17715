using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Resilience;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Tests.Escalations.Resilience;

public sealed class RetryDelaysTests
{
    private static readonly CloudRetry Options = new() { MaxRetries = 5, BaseDelayMs = 100, MaxDelayMs = 400, MaxRetryAfterMs = 2_000 };
    private static readonly TimeSpan Ages = TimeSpan.FromHours(1);

    [Fact]
    public void Delays_grow_are_jittered_and_bounded()
    {
        var delays = new RetryDelays(Options, new Random(1));
        foreach (var (retries, most) in ((int, int)[])[(0, 100), (1, 200), (2, 400), (4, 400)])
        {
            var seen = Enumerable.Range(0, 500).Select(_ => delays.Next(retries, Failure(CloudFailureKind.ServerError), Ages)!.Value.TotalMilliseconds).ToList();
            Assert.InRange(seen.Max(), most * 0.95, most);
            Assert.InRange(seen.Min(), 0, most * 0.05);
        }

        Assert.Null(delays.Next(5, Failure(CloudFailureKind.ServerError), Ages));
    }

    [Fact]
    public void The_same_seed_gives_the_same_delays()
    {
        var (one, two) = (new RetryDelays(Options, new Random(3)), new RetryDelays(Options, new Random(3)));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(one.Next(i, Failure(CloudFailureKind.Cut), Ages), two.Next(i, Failure(CloudFailureKind.Cut), Ages));
        }
    }

    [Fact]
    public void Retry_after_is_never_undercut_and_never_waited_out_when_long()
    {
        var delays = new RetryDelays(Options, new Random(1));
        for (var i = 0; i < 200; i++)
        {
            Assert.InRange(delays.Next(0, Failure(CloudFailureKind.RateLimited, 1_500), Ages)!.Value.TotalMilliseconds, 1_500, 1_525);
        }

        Assert.Null(delays.Next(0, Failure(CloudFailureKind.RateLimited, 2_001), Ages));
        Assert.Null(delays.Next(0, Failure(CloudFailureKind.RateLimited, 1_500), TimeSpan.FromMilliseconds(1_400)));
    }

    [Theory]
    [InlineData(CloudFailureKind.Unauthorized)]
    [InlineData(CloudFailureKind.BadRequest)]
    [InlineData(CloudFailureKind.FirstTokenTimeout)]
    [InlineData(CloudFailureKind.ContentFilter)]
    [InlineData(CloudFailureKind.QuotaSpent)]
    [InlineData(CloudFailureKind.Empty)]
    public void What_another_try_cannot_mend_is_not_tried_again(CloudFailureKind kind) =>
        Assert.Null(new RetryDelays(Options, new Random(1)).Next(0, Failure(kind), Ages));

    private static CloudException Failure(CloudFailureKind kind, int? retryAfterMs = null) =>
        new(kind, "failed") { RetryAfter = retryAfterMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null };
}
