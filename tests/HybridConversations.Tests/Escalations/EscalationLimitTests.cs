using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Escalations;

public sealed class EscalationLimitTests
{
    [Fact]
    public async Task No_more_calls_run_at_once_than_allowed_and_the_rest_waits_in_order_or_is_refused()
    {
        await using var cloud = await CloudFixture.Start(o => o with { Limits = new CloudLimits { MaxConcurrent = 2, MaxQueued = 1, QueueMs = 30_000 } });
        var holds = new[] { new Hold(), new Hold() };
        cloud.Server.Next(Misbehaviour.SlowFirstToken(holds[0]), Misbehaviour.SlowFirstToken(holds[1]), Misbehaviour.Answer("third"));

        var first = cloud.Ask();
        await holds[0].Reached;
        var second = cloud.Ask();
        await holds[1].Reached;
        var third = cloud.Ask();
        var full = await cloud.Escalation.Status("default");
        var problem = await cloud.Fail();

        Assert.Equal((false, 2), (full.Available, full.InFlight));
        Assert.Equal((ProblemCodes.Overloaded, 503, true), (problem.Code, problem.Status, problem.Retryable));
        Assert.True(problem.RetryAfterMs > 0);
        Assert.Equal(2, cloud.Server.Calls.Count);
        holds[1].Release();
        Assert.Equal("third", (await third).Text);
        holds[0].Release();
        await Task.WhenAll(first, second);
        Assert.Equal(3, cloud.Server.Calls.Count);
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_slot_is_refused()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { Limits = new CloudLimits { MaxConcurrent = 1, QueueMs = 500 } }, time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold));

        var first = cloud.Ask();
        await hold.Reached;
        var second = cloud.Fail();
        await time.WaitForTimer(500);
        time.AdvanceMs(500);

        Assert.Equal(ProblemCodes.Overloaded, (await second).Code);
        hold.Release();
        Assert.Equal(FinishReason.Stop, (await first).Finished.FinishReason);
    }

    [Fact]
    public async Task Tokens_a_minute_are_kept_and_what_was_not_used_is_given_back()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { MaxOutputTokens = 500, Limits = new CloudLimits { TokensPerMinute = 600, QueueMs = 0 } }, time);

        // Each call takes about 520 and uses about 12, so that the second only passes because the first gave back.
        await cloud.Ask();
        await cloud.Ask();
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold));
        var under = cloud.Ask();
        await hold.Reached;
        var problem = await cloud.Fail();

        Assert.Equal(ProblemCodes.Overloaded, problem.Code);
        Assert.Contains("600 tokens a minute", problem.Detail, StringComparison.Ordinal);
        Assert.InRange(problem.RetryAfterMs!.Value, 30_000, 60_000);
        Assert.Equal(3, cloud.Server.Calls.Count);
        hold.Release();
        await under;
        await cloud.Ask();
    }

    [Fact]
    public async Task Retry_after_is_waited_out_to_the_millisecond()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(time: time);
        cloud.Server.Next(Misbehaviour.RateLimited("1"), Misbehaviour.RateLimited(time.GetUtcNow().AddSeconds(3).ToString("R")), Misbehaviour.Answer("Here."));

        var asking = cloud.Ask();
        await cloud.Server.WaitForCall();
        await time.WaitForTimer(1_001);
        time.AdvanceMs(999);
        await Task.Delay(50);
        Assert.Single(cloud.Server.Calls);
        time.AdvanceMs(2);
        await cloud.Server.WaitForCall();
        await time.WaitForTimer(2_000);
        time.AdvanceMs(2_000);

        Assert.Equal("Here.", (await asking).Text);
        Assert.Equal(3, cloud.Server.Calls.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_long_retry_after_rests_the_endpoint_and_is_bounded(int status)
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(time: time);
        cloud.Server.Next(Misbehaviour.Refuse(status) with { Headers = new Dictionary<string, string> { ["Retry-After"] = "86400" } });

        var first = await cloud.Fail();
        var second = await cloud.Fail();
        var resting = await cloud.Escalation.Status("default");

        Assert.Equal(86_400_000, first.RetryAfterMs);
        Assert.Equal((ProblemCodes.CloudFailed, 60_000), (second.Code, second.RetryAfterMs));
        Assert.Single(cloud.Server.Calls);
        Assert.False(resting.Available);
        Assert.NotNull(resting.Reason);
        time.AdvanceMs(60_000);
        Assert.True((await cloud.Escalation.Status("default")).Available);
        await cloud.Ask();
    }

    [Fact]
    public async Task An_account_without_money_is_not_asked_again_and_again()
    {
        await using var cloud = await CloudFixture.Start();
        cloud.Server.Otherwise = Misbehaviour.Refuse(429) with { Body = Misbehaviour.Error("You exceeded your current quota.", "insufficient_quota") };

        Assert.Contains("quota there is spent", (await cloud.Fail()).Detail, StringComparison.Ordinal);
        await cloud.Fail();

        Assert.Single(cloud.Server.Calls);
    }

    [Fact]
    public async Task The_circuit_opens_after_failures_and_one_try_closes_it()
    {
        var time = new ManualTime();
        var breaker = new CloudBreaker { MinimumTries = 4, FailureRatio = 0.8, BreakMs = 10_000 };
        await using var cloud = await CloudFixture.Start(o => o with { Breaker = breaker, Retry = new CloudRetry { MaxRetries = 0 } }, time);
        cloud.Server.Otherwise = Misbehaviour.Refuse(500);
        for (var i = 0; i < 4; i++)
        {
            await cloud.Fail();
        }

        var problem = await cloud.Fail();
        Assert.Equal(4, cloud.Server.Calls.Count);
        Assert.Contains("circuit is open", problem.Detail, StringComparison.Ordinal);
        Assert.InRange(problem.RetryAfterMs!.Value, 9_000, 10_000);
        Assert.False((await cloud.Escalation.Status("default")).Available);
        Assert.Contains("circuit", cloud.Logs.Text, StringComparison.Ordinal);

        // After the break it is available again without having been tried: else no router would ever send the try.
        time.AdvanceMs(10_000);
        Assert.True((await cloud.Escalation.Status("default")).Available);
        await cloud.Fail();
        Assert.Equal(5, cloud.Server.Calls.Count);
        await cloud.Fail();
        Assert.Equal(5, cloud.Server.Calls.Count);

        time.AdvanceMs(10_000);
        cloud.Server.Otherwise = Misbehaviour.None;
        await cloud.Ask();
        await cloud.Ask();
        Assert.Equal(7, cloud.Server.Calls.Count);
        Assert.Equal(7, (await cloud.Tries()).Count);
    }

    [Fact]
    public async Task While_one_call_tries_out_the_circuit_others_are_refused()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(
            o => o with { Breaker = new CloudBreaker { MinimumTries = 2, BreakMs = 10_000 }, Retry = new CloudRetry { MaxRetries = 0 } }, time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.Refuse(500), Misbehaviour.Refuse(500), Misbehaviour.SlowFirstToken(hold));
        await cloud.Fail();
        await cloud.Fail();
        time.AdvanceMs(10_000);

        var probe = cloud.Ask();
        await hold.Reached;
        var problem = await cloud.Fail();

        Assert.Contains("tries it out", problem.Detail, StringComparison.Ordinal);
        hold.Release();
        await probe;
        await cloud.Ask();
        Assert.Equal(4, cloud.Server.Calls.Count);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_does_not_open_the_circuit()
    {
        await using var cloud = await CloudFixture.Start(o => o with { Breaker = new CloudBreaker { MinimumTries = 2 } });
        cloud.Server.Otherwise = Misbehaviour.Refuse(400);
        for (var i = 0; i < 6; i++)
        {
            await cloud.Fail();
        }

        Assert.Equal(6, cloud.Server.Calls.Count);
        Assert.True((await cloud.Escalation.Status("default")).Available);
    }

    [Fact]
    public async Task Replies_that_break_off_open_the_circuit_too()
    {
        await using var cloud = await CloudFixture.Start(o => o with { Breaker = new CloudBreaker { MinimumTries = 4, FailureRatio = 0.5 } });
        cloud.Server.Otherwise = Misbehaviour.None with { EndAfter = 2 };
        for (var i = 0; i < 4 && (await cloud.Escalation.Status("default")).Available; i++)
        {
            Assert.Equal(FinishReason.Cut, (await cloud.Ask()).Finished.FinishReason);
        }

        Assert.False((await cloud.Escalation.Status("default")).Available);
    }
}
