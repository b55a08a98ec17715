using System.Diagnostics;
using HybridConversations.Cluster.Tests.Processes;
using HybridConversations.Orleans.Fleet;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Network;

public sealed class SlowRedisTests(ITestOutputHelper output)
{
    private const int People = 10;

    [SkippableFact]
    public async Task A_slow_Redis_makes_turns_slow_and_one_that_does_not_answer_makes_them_fail_clearly_and_nothing_is_lost()
    {
        using var redis = await RedisServer.Start();
        await using var proxy = new SlowProxy(redis.Port);
        await using var fleet = new TcpFleet(proxy.Endpoint)
        {
            RedisTimeout = TimeSpan.FromSeconds(2),
            Options = new FleetOptions { ReportPeriod = TimeSpan.FromMilliseconds(200), ResponseTimeout = TimeSpan.FromSeconds(8), DrainTimeout = TimeSpan.FromSeconds(2) },
        };
        await fleet.Add("a");
        await fleet.Add("b");
        await fleet.HasDevices(2);
        await using var people = new Talkers([fleet.At("a"), fleet.At("b")], People);
        people.Start();
        await people.EveryoneIsAnswered();
        Assert.Empty(people.Problems);

        proxy.Delay = TimeSpan.FromMilliseconds(300);
        var conversation = fleet.At("a").Get("slow");
        var began = Stopwatch.GetTimestamp();
        await conversation.Whole("hello");
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"a turn with 300 ms for each answer of Redis: {took.TotalMilliseconds:0} ms");
        Assert.True(took > 2 * proxy.Delay, $"two writes in {took}");
        await people.EveryoneIsAnswered();
        Assert.Empty(people.Problems);

        proxy.Delay = TimeSpan.FromSeconds(30);
        began = Stopwatch.GetTimestamp();
        var failed = Assert.IsType<ReplyFailed>((await conversation.All(new Turn { TurnId = "t", Text = "are you there?" }))[^1]);
        took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"a turn without an answer of Redis fails after {took.TotalSeconds:0.0} s: {failed.Problem.Detail}");
        Assert.Equal(ProblemCodes.Storage, failed.Problem.Code);
        Assert.True(failed.Problem.Retryable);
        Assert.NotNull(failed.Problem.RetryAfterMs);
        Assert.Contains("Redis", failed.Problem.Detail);
        Assert.True(took < TimeSpan.FromSeconds(8), $"it failed after {took}");

        proxy.Delay = TimeSpan.Zero;
        output.WriteLine($"everyone is answered after Redis is quick again: {await people.EveryoneIsAnswered()}");
        await people.Stop();
        output.WriteLine($"{people.Turns} turns; refusals: " + string.Join(", ", people.Problems.GroupBy(p => p.Code).Select(g => $"{g.Count()} {g.Key}")));
        Assert.Empty(people.Broken);
        Assert.Equal("are you there?", (await conversation.Whole("are you there?", "t")).Text.Split(':')[2]);
        await people.CheckHistories(fleet.At("b"));
    }
}
