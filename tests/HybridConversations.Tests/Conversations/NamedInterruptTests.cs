namespace HybridConversations.Tests.Conversations;

/// <summary>An interrupt that names its turn ends that one and never another, however late it comes and however often.</summary>
public sealed class NamedInterruptTests : ConversationFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(null, "Once upon a time")]
    [InlineData("once", "Once")]
    public async Task It_ends_its_turn(string? heard, string kept)
    {
        var (reader, _) = await Hear("hello", "Once upon a time");
        Assert.Equal(new InterruptResult("t-hello", kept, InterruptOutcome.Stopped), await Conversation.InterruptTurn("t-hello", heard));
        Assert.Equal(new InterruptResult("t-hello", kept, InterruptOutcome.Unchanged), await Conversation.InterruptTurn("t-hello", heard));
        Assert.Equal(kept, (await Stored("t-hello")).Reply);
        await reader.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("It costs")]
    public async Task A_late_one_leaves_the_turn_that_came_after(string? heard)
    {
        var (first, _) = await Hear("how much", "It costs three dollars and ");
        var second = Conversation.Say(Turn("and in euros", interrupt: true)).ToList();
        var answer = await Device.NextGeneration();

        var late = await Conversation.InterruptTurn("t-how much", heard).WaitAsync(Patience);

        Assert.Equal(new InterruptResult("t-how much", "It costs three dollars and ", heard is null ? InterruptOutcome.Unchanged : InterruptOutcome.TooLate), late);
        answer.Say("Two euros seventy.");
        answer.Finish();
        Assert.Equal(("Two euros seventy.", FinishReason.Stop), ((await second).Completed().Text, (await second).Completed().FinishReason));
        Assert.Equal(TurnState.Completed, (await Stored("t-and in euros")).State);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task One_that_names_none_and_meets_a_turn_in_its_end_does_not_go_on_to_the_next()
    {
        var (first, _) = await Hear("how much", "It costs three dollars and ");
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Log.BeforeWrite = turn =>
        {
            reached.TrySetResult();
            return release.Task;
        };
        var second = Conversation.Say(Turn("and in euros", interrupt: true)).ToList();
        await reached.Task;
        var cut = Conversation.Interrupt("It costs"); // The first turn's end is being stored.
        release.SetResult();
        var answer = await Device.NextGeneration();
        Assert.Equal(("t-how much", InterruptOutcome.TooLate), ((await cut.WaitAsync(Patience)).TurnId, (await cut).Outcome));
        answer.Say("Two euros seventy.");
        answer.Finish();
        Assert.Equal(FinishReason.Stop, (await second).Completed().FinishReason);
        await first.DisposeAsync();
    }

    /// <summary>As a client, or a gateway, sends a turn again that failed: it has barged in once.</summary>
    [Fact]
    public async Task A_barge_in_that_is_sent_again_leaves_the_turn_that_came_after()
    {
        var failing = Conversation.Say(Turn("how much", interrupt: true)).ToList();
        (await Device.NextGeneration()).Fail(new ProblemException(new Problem(ProblemCodes.DeviceLost, 503, "It is gone.", Retryable: true)));
        Assert.IsType<ReplyFailed>((await failing)[^1]);
        var (next, generation) = await Hear("and in euros", "Two euros ");

        var again = await Conversation.Say(Turn("how much", interrupt: true)).ToList();

        Assert.Equal(ProblemCodes.TurnInProgress, Assert.IsType<ReplyFailed>(Assert.Single(again)).Problem.Code);
        generation.Say("seventy.");
        generation.Finish();
        Assert.Equal("Two euros seventy.", Assert.IsType<ReplyCompleted>(await next.Until<ReplyCompleted>()).Text);
        await next.DisposeAsync();
    }

    [Fact]
    public async Task A_late_one_cuts_the_last_turn_also_behind_a_restart()
    {
        await Exchange("first", "One two three.");
        await Exchange("second", "It is raining. ", "Take an umbrella.");
        Assert.Equal(new InterruptResult("t-first", "One two three.", InterruptOutcome.TooLate), await Conversation.InterruptTurn("t-first", "One"));
        await Restart();
        var cut = new InterruptResult("t-second", "It is raining.", InterruptOutcome.Cut);
        Assert.Equal(cut, await Conversation.InterruptTurn("t-second", "it is raining"));
        Assert.Equal(cut with { Outcome = InterruptOutcome.Unchanged }, await Conversation.InterruptTurn("t-second", "it is raining"));
        Assert.Equal("One two three.", (await Stored("t-first")).Reply);
    }

    [Fact]
    public async Task A_turn_that_waits_to_run_is_ended_too()
    {
        var (first, _) = await Hear("first", "One");
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Log.BeforeWrite = _ =>
        {
            reached.TrySetResult();
            return release.Task;
        };
        var second = Conversation.Say(Turn("second", interrupt: true)).ToList();
        await reached.Task;
        var end = Conversation.InterruptTurn("t-second", null);
        release.SetResult();
        Assert.Equal(new InterruptResult("t-second", "", InterruptOutcome.Stopped), await end.WaitAsync(Patience));
        Assert.Equal(("", FinishReason.Interrupted), ((await second).Completed().Text, (await second).Completed().FinishReason));
        Assert.Equal(1, Device.Generations);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_turn_that_is_unknown_is_said_to_be()
    {
        var (first, _) = await Hear("first", "One");
        foreach (var heard in new[] { null, "anything" })
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(() => Conversation.InterruptTurn("nowhere", heard))).Problem;
            Assert.Equal(ProblemCodes.NotFound, problem.Code);
        }

        Assert.Equal(ProblemCodes.Invalid, (await Assert.ThrowsAsync<ProblemException>(() => Conversation.InterruptTurn("", null))).Problem.Code);
        Assert.False(Conversation.IsIdle);
        await first.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("One")]
    public async Task Behind_an_operation_it_waits_for_an_event_and_tries_nothing_again(string? heard)
    {
        await Exchange("first", "One two three.");
        Device.Script = _ => ["ok"];
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Log.BeforeWrite = _ =>
        {
            reached.TrySetResult();
            return release.Task;
        };
        var cut = Conversation.Interrupt("One two");
        await reached.Task; // It holds the conversation.
        var second = Conversation.Say(Turn("second", interrupt: true)).ToList();

        // Whoever tried again and again would not come back from this call.
        var late = await Task.Run(() => Task.FromResult(Conversation.Interrupt(heard))).WaitAsync(Patience);

        Assert.False(late.IsCompleted);
        release.SetResult();
        Assert.Equal(new InterruptResult("t-first", "One two", InterruptOutcome.Cut), await cut.WaitAsync(Patience));
        Assert.Equal(new InterruptResult("t-second", "", InterruptOutcome.Stopped), await late.WaitAsync(Patience));
        Assert.Equal(FinishReason.Interrupted, (await second).Completed().FinishReason);
    }

    private async Task<(ReplyReader Reader, Tests.Common.ScriptedGeneration Generation)> Hear(string words, string reply)
    {
        var reader = new ReplyReader(Conversation.Say(Turn(words)));
        var text = Task.Run(reader.Until<ReplyText>);
        var generation = await Device.NextGeneration();
        generation.Say(reply);
        await text;
        return (reader, generation);
    }
}
