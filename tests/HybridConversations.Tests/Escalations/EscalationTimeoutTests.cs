using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Escalations;

public sealed class EscalationTimeoutTests
{
    [Fact]
    public async Task No_first_token_in_time_is_a_failure_that_is_booked_and_not_tried_again()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { Timeouts = new CloudTimeouts { FirstTokenMs = 4_000 } }, time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold));

        var asking = cloud.Fail();
        await hold.Reached;
        time.AdvanceMs(3_999);
        Assert.False(asking.IsCompleted);
        time.AdvanceMs(1);
        var problem = await asking;

        Assert.Equal((ProblemCodes.CloudFailed, 504, true), (problem.Code, problem.Status, problem.Retryable));
        Assert.Contains("first-token-ms", problem.Detail, StringComparison.Ordinal);
        var booked = await cloud.OnlyTry();
        Assert.Equal((LedgerState.Estimated, "FirstTokenTimeout"), (booked.State, booked.Outcome));
        Assert.Equal(0, booked.Tokens.Output);
        await cloud.Server.Calls[0].Ended.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Signs_of_life_without_text_do_not_stretch_the_first_token()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { Timeouts = new CloudTimeouts { FirstTokenMs = 4_000 } }, time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold) with { SilentChunks = 5 });

        var asking = cloud.Fail();
        await hold.Reached;
        time.AdvanceMs(4_000);

        Assert.Equal(504, (await asking).Status);
    }

    [Fact]
    public async Task What_a_reasoning_model_may_have_thought_is_booked_when_it_runs_out_of_time()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { Reasoning = true, MaxOutputTokens = 3_000 }, time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold));

        var asking = cloud.Fail();
        await hold.Reached;
        time.AdvanceMs(10_000);
        await asking;

        Assert.Equal(3_000, (await cloud.OnlyTry()).Tokens.Output);
    }

    [Fact]
    public async Task A_gap_within_the_reply_cuts_it()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { Timeouts = new CloudTimeouts { GapMs = 2_000 } }, time);
        cloud.Server.Next(Misbehaviour.GapBefore(2));

        var heard = new TaskCompletionSource();
        var asking = cloud.Ask(heard: text => _ = text == "The cloud " && heard.TrySetResult());
        await heard.Task;
        await time.WaitForTimer(2_000);
        time.AdvanceMs(1_999);
        Assert.False(asking.IsCompleted);
        time.AdvanceMs(1);
        var (text, finished) = await asking;

        Assert.Equal(("The cloud ", FinishReason.Cut), (text, finished.FinishReason));
        Assert.Contains("gap-ms", finished.Note, StringComparison.Ordinal);
        Assert.Equal("GapTimeout", (await cloud.OnlyTry()).Outcome);
    }

    [Fact]
    public async Task A_slow_reader_is_no_gap()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => o with { Timeouts = new CloudTimeouts { GapMs = 2_000 } }, time);

        await using var events = cloud.Escalation.Ask(CloudFixture.Request()).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        time.AdvanceMs(30_000);
        EscalationEvent? last = null;
        while (await events.MoveNextAsync())
        {
            last = events.Current;
        }

        Assert.Equal(FinishReason.Stop, Assert.IsType<EscalationFinished>(last).FinishReason);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5_000)]
    public async Task The_whole_turn_has_an_end(int? deadlineMs)
    {
        var time = new ManualTime();
        var whole = deadlineMs is null ? 5_000 : 60_000;
        await using var cloud = await CloudFixture.Start(o => o with { Timeouts = new CloudTimeouts { WholeMs = whole, FirstTokenMs = 50_000, GapMs = 50_000 } }, time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold), Misbehaviour.GapBefore(2));

        var asking = cloud.Fail(CloudFixture.Request(deadlineMs: deadlineMs));
        await hold.Reached;
        time.AdvanceMs(5_000);
        Assert.Equal(504, (await asking).Status);

        var heard = new TaskCompletionSource();
        var cut = cloud.Ask(CloudFixture.Request(deadlineMs: deadlineMs), heard: text => _ = text == "The cloud " && heard.TrySetResult());
        await heard.Task;
        time.AdvanceMs(5_000);
        Assert.Equal(FinishReason.Cut, (await cut).Finished.FinishReason);
        Assert.All(await cloud.Tries(), t => Assert.Equal("WholeTimeout", t.Outcome));
    }

    [Fact]
    public async Task A_deadline_that_has_passed_asks_no_one()
    {
        await using var cloud = await CloudFixture.Start();

        var problem = await cloud.Fail(CloudFixture.Request(deadlineMs: 0));

        Assert.Equal((ProblemCodes.CloudFailed, 504), (problem.Code, problem.Status));
        Assert.Empty(cloud.Server.Calls);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_about_is_given_up_and_tried_again()
    {
        // Takes the connection and never answers the TLS hello: the nearest thing on one machine to a network that swallows packets.
        await using var silence = new ConnectionCounter();
        await using var cloud = await CloudFixture.Start(o => o with
        {
            BaseAddress = silence.TlsAddress,
            Timeouts = new CloudTimeouts { ConnectMs = 100 },
            Retry = new CloudRetry { MaxRetries = 1, BaseDelayMs = 1, MaxDelayMs = 1 },
        });

        var problem = await cloud.Fail();

        Assert.Equal((ProblemCodes.CloudFailed, 504), (problem.Code, problem.Status));
        Assert.Contains("connect-ms", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(2, silence.Connections);
        Assert.All(await cloud.Tries(), t => Assert.Equal((LedgerState.Released, "ConnectTimeout"), (t.State, t.Outcome)));
    }

    [Fact]
    public async Task A_server_that_takes_the_request_and_says_nothing_runs_into_the_first_token()
    {
        await using var silence = new ConnectionCounter();
        await using var cloud = await CloudFixture.Start(o => o with { BaseAddress = silence.BaseAddress, Timeouts = new CloudTimeouts { FirstTokenMs = 200 } });

        var problem = await cloud.Fail();

        Assert.Equal(504, problem.Status);
        Assert.Equal(1, silence.Connections);
        Assert.True(silence.Bytes > 0);
        Assert.Equal(LedgerState.Estimated, (await cloud.OnlyTry()).State);
    }

    [Fact]
    public async Task Usage_that_never_comes_after_the_end_does_not_hold_up_the_turn()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(time: time);
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.None with { BeforeUsage = hold });

        var asking = cloud.Ask();
        await hold.Reached;
        for (var i = 0; i < 500 && !asking.IsCompleted; i++)
        {
            time.AdvanceMs(100);
            await Task.Delay(1);
        }

        var (text, finished) = await asking;
        Assert.Equal(("The cloud has thought about it.", FinishReason.Stop, true), (text, finished.FinishReason, finished.Estimated));
    }
}
