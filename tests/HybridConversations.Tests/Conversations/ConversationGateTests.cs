namespace HybridConversations.Tests.Conversations;

/// <summary>One turn at a time.</summary>
public sealed class ConversationGateTests : ConversationFixture
{
    [Fact]
    public async Task A_second_turn_is_refused_while_one_runs()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();

        var problem = (await Conversation.Say(Turn("second")).ToList()).Failed();
        Assert.Equal(ProblemCodes.Busy("t-first"), problem);
        Assert.Null(await Log.FindTurn("t-second"));

        var end = running.Next();
        (await Device.NextGeneration()).Finish();
        Assert.IsType<ReplyCompleted>(await end);
        Assert.Equal("Two.", (await Exchange("second", "Two.")).Completed().Text);
    }

    [Fact]
    public async Task Barging_in_ends_the_running_turn_with_what_was_delivered()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        var text = running.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Once upon");
        await text;
        var pending = running.Next();

        var second = Conversation.Say(Turn("second", interrupt: true)).ToList();

        var completed = Assert.IsType<ReplyCompleted>(await pending);
        Assert.Equal(("Once upon", FinishReason.Interrupted), (completed.Text, completed.FinishReason));
        Assert.True(await generation.Ended);
        var next = await Device.NextGeneration();
        next.Say("Two.");
        next.Finish();
        Assert.Equal("Two.", (await second).Completed().Text);
        var stored = await Stored("t-first");
        Assert.Equal((TurnState.Interrupted, false, "Once upon"), (stored.State, stored.Repeatable, stored.Reply));
        Assert.Equal(["user: first", "assistant: Once upon", "user: second"], Shown());
    }

    [Fact]
    public async Task Barging_in_does_not_wait_for_a_reader_that_has_stopped_reading()
    {
        await using var stuck = new ReplyReader(Conversation.Say(Turn("first")));
        await stuck.Next();
        var text = stuck.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Once", " upon", " a time");
        await text; // And reads no more.

        Device.Script = _ => ["Two."];
        Assert.Equal("Two.", (await Conversation.Say(Turn("second", interrupt: true)).ToList().WaitAsync(TimeSpan.FromSeconds(30))).Completed().Text);
        Assert.True(await generation.Ended);
        Assert.Equal("Once", (await Stored("t-first")).Reply);

        // When it comes back it is told how it ended.
        Assert.Equal(("Once", FinishReason.Interrupted), await stuck.Next() is ReplyCompleted end ? (end.Text, end.FinishReason) : default);
        Assert.Null(await stuck.Next());
    }

    [Fact]
    public async Task Barging_in_before_the_reply_begins_joins_the_words()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        Device.Script = _ => ["Both."];
        await Conversation.Say(Turn("second", interrupt: true)).ToList();
        Assert.Equal(["user: first\nsecond"], Shown());
        await Exchange("third", "Three.");
        Assert.Equal(["user: first\nsecond", "assistant: Both.", "user: third"], Shown());
        await Restart();
        await Exchange("fourth", "Four.");
        Assert.Equal(["user: first\nsecond", "assistant: Both.", "user: third", "assistant: Three.", "user: fourth"], Shown());
    }

    [Fact]
    public async Task Barge_ins_are_served_in_their_order_and_the_last_one_is_answered()
    {
        var stored = new List<string>();
        await using var running = new ReplyReader(Conversation.Say(Turn("t0")));
        await running.Next();
        Device.Script = _ => ["ok"];
        var release = new TaskCompletionSource();
        Log.BeforeWrite = turn =>
        {
            stored.Add($"{turn.TurnId} {turn.State}");
            return release.Task;
        };
        var all = new List<Task<List<ReplyEvent>>>();
        for (var i = 1; i <= 4; i++)
        {
            all.Add(Conversation.Say(Turn($"t{i}", id: $"t{i}", interrupt: true)).ToList());
        }

        release.SetResult();
        var ends = (await Task.WhenAll(all)).Select(events => events.Completed()).ToList();
        Assert.Equal([FinishReason.Interrupted, FinishReason.Interrupted, FinishReason.Interrupted, FinishReason.Stop], ends.Select(e => e.FinishReason));
        Assert.Equal(["t-t0", "t1", "t2", "t3", "t4"], (await Conversation.Read(0, 10))!.Turns.Select(t => t.TurnId));
        Assert.Equal(["user: t0\nt1\nt2\nt3\nt4"], Shown());
    }

    [Fact]
    public async Task A_turn_that_waits_makes_others_that_do_not_interrupt_wait_outside()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        var release = new TaskCompletionSource();
        Log.BeforeWrite = _ => release.Task;
        var waiting = Conversation.Say(Turn("second", interrupt: true)).ToList();
        Assert.Equal(ProblemCodes.TurnInProgress, (await Conversation.Say(Turn("third")).ToList()).Failed().Code);
        Device.Script = _ => ["ok"];
        release.SetResult();
        Assert.Equal("ok", (await waiting).Completed().Text);
    }

    [Fact]
    public async Task Only_so_many_may_wait()
    {
        Options = Options with { MaxWaiting = 2 };
        await using var running = new ReplyReader(Conversation.Say(Turn("t0")));
        await running.Next();
        Device.Script = _ => ["ok"];
        var release = new TaskCompletionSource();
        Log.BeforeWrite = _ => release.Task;
        var one = Conversation.Say(Turn("t1", interrupt: true)).ToList();
        var two = Conversation.Say(Turn("t2", interrupt: true)).ToList();
        Assert.Equal(ProblemCodes.Overloaded, (await Conversation.Say(Turn("t3", interrupt: true)).ToList()).Failed().Code);
        release.SetResult();
        Assert.Equal(FinishReason.Interrupted, (await one).Completed().FinishReason);
        Assert.Equal("ok", (await two).Completed().Text);
    }

    [Fact]
    public async Task One_who_gives_up_waiting_leaves_no_trace()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        var release = new TaskCompletionSource();
        Log.BeforeWrite = _ => release.Task;
        using var leave = new CancellationTokenSource();
        var waiting = Conversation.Say(Turn("second", interrupt: true), leave.Token).ToList();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        release.SetResult();
        Assert.IsType<ReplyCompleted>(await running.Next());
        Assert.Null(await Log.FindTurn("t-second"));
        Assert.Equal("Three.", (await Exchange("third", "Three.")).Completed().Text);
    }

    [Fact]
    public async Task Reading_never_waits_behind_a_turn()
    {
        await Exchange("first", "One.");
        await using var running = new ReplyReader(Conversation.Say(Turn("second")));
        await running.Next();
        var page = (await Conversation.Read(0, 10))!;
        Assert.Equal([TurnState.Completed, TurnState.Running], page.Turns.Select(t => t.State));
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_for_too_long_is_pushed_aside()
    {
        await using var stuck = new ReplyReader(Conversation.Say(Turn("first")));
        await stuck.Next();
        Assert.Equal(ProblemCodes.TurnInProgress, (await Conversation.Say(Turn("second")).ToList()).Failed().Code);

        Time.Advance(Options.ReaderTimeout + TimeSpan.FromSeconds(1));
        Assert.Equal("Two.", (await Exchange("second", "Two.")).Completed().Text);

        Assert.Equal(ProblemCodes.SlowReader, Assert.IsType<ReplyFailed>(await stuck.Next()).Problem.Code);
        Assert.True((await Stored("t-first")).Repeatable);
    }

    [Fact]
    public async Task Stopping_ends_the_turn_so_that_it_can_be_sent_again()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        var text = running.Next();
        (await Device.NextGeneration()).Say("Half");
        await text;

        await Conversation.Stop();

        var stored = await Stored("t-first");
        Assert.Equal((TurnState.Interrupted, true, "Half"), (stored.State, stored.Repeatable, stored.Reply));
        Assert.Equal(ProblemCodes.Stopping, Assert.IsType<ReplyFailed>(await running.Next()).Problem.Code);
        Assert.True(Conversation.IsIdle);
        await Conversation.Stop();
    }
}
