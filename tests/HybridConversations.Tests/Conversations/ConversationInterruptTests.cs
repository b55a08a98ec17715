namespace HybridConversations.Tests.Conversations;

/// <summary>Interrupt: what was heard is what stays.</summary>
public sealed class ConversationInterruptTests : ConversationFixture
{
    [Theory]
    [InlineData(null, "Once upon a time")]
    [InlineData("Once upon", "Once upon")]
    [InlineData("once, UPON", "Once upon")]
    [InlineData("", "")]
    public async Task A_running_turn_ends_and_keeps_what_was_heard(string? heard, string kept)
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        var text = Task.Run(async () =>
        {
            await reader.Until<ReplyText>();
            await reader.Until<ReplyText>();
        });
        var generation = await Device.NextGeneration();
        generation.Say("Once upon", " a time");
        await text;
        var pending = reader.Next();

        var result = await Conversation.Interrupt(heard);

        Assert.Equal(new InterruptResult("t-hello", kept, InterruptOutcome.Stopped), result);
        Assert.True(await generation.Ended);
        var told = Assert.IsType<ReplyCompleted>(await pending);
        Assert.Equal(("Once upon a time", FinishReason.Interrupted), (told.Text, told.FinishReason));
        var stored = await Stored("t-hello");
        Assert.Equal((TurnState.Interrupted, false, kept), (stored.State, stored.Repeatable, stored.Reply));

        // It is settled: the same id tells what was kept.
        var again = (await Conversation.Say(Turn("hello")).ToList()).Completed();
        Assert.Equal((kept, FinishReason.Interrupted, true), (again.Text, again.FinishReason, again.Replayed));
    }

    [Fact]
    public async Task It_does_not_wait_for_a_reader_that_has_stopped_reading()
    {
        await using var stuck = new ReplyReader(Conversation.Say(Turn("hello")));
        await stuck.Next();
        var text = stuck.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Once", " upon");
        await text;
        Assert.Equal(new InterruptResult("t-hello", "Once", InterruptOutcome.Stopped), await Conversation.Interrupt(null).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(await generation.Ended);
    }

    [Fact]
    public async Task Nothing_runs_and_nothing_was_heard_is_nothing()
    {
        Assert.Equal(new InterruptResult(null, null), await Conversation.Interrupt(null));
        Assert.Equal(new InterruptResult(null, null), await Conversation.Interrupt("something"));
        await Exchange("hello", "Hi.");
        Assert.Equal(new InterruptResult(null, null), await Conversation.Interrupt(null));
        Assert.Equal(TurnState.Completed, (await Stored("t-hello")).State);
    }

    [Fact]
    public async Task A_reply_that_is_whole_but_not_yet_heard_is_cut()
    {
        await Exchange("first", "One two three.");
        await Exchange("second", "It is raining. ", "Take an umbrella.");

        Assert.Equal(new InterruptResult("t-second", "It is raining.", InterruptOutcome.Cut), await Conversation.Interrupt("it is raining"));

        var stored = await Stored("t-second");
        Assert.Equal((TurnState.Interrupted, false, FinishReason.Interrupted), (stored.State, stored.Repeatable, stored.FinishReason!.Value));
        await Exchange("third", "Three.");
        Assert.Equal(["user: first", "assistant: One two three.", "user: second", "assistant: It is raining.", "user: third"], Shown());
    }

    [Fact]
    public async Task Less_can_be_reported_later_but_never_more()
    {
        await Exchange("hello", "One two three four.");
        Assert.Equal("One two three", (await Conversation.Interrupt("One two three")).Reply);
        Assert.Equal("One two", (await Conversation.Interrupt("one two")).Reply);
        Assert.Equal(new InterruptResult("t-hello", "One two", InterruptOutcome.Unchanged), await Conversation.Interrupt("One two three four."));
        Assert.Equal("One two", (await Stored("t-hello")).Reply);
    }

    [Fact]
    public async Task A_reply_that_was_heard_whole_stays_complete()
    {
        await Exchange("hello", "One two.");
        Assert.Equal(new InterruptResult("t-hello", "One two.", InterruptOutcome.Unchanged), await Conversation.Interrupt("one two"));
        Assert.Equal(TurnState.Completed, (await Stored("t-hello")).State);
    }

    [Fact]
    public async Task Nothing_heard_of_a_whole_reply_joins_the_words()
    {
        await Exchange("first", "One.");
        Assert.Equal(new InterruptResult("t-first", "", InterruptOutcome.Cut), await Conversation.Interrupt(""));
        await Exchange("second", "Two.");
        Assert.Equal(["user: first\nsecond"], Shown());
    }

    [Fact]
    public async Task A_turn_that_failed_is_not_cut()
    {
        Device.Refusal = new ProblemException(ProblemCodes.Overload("Full.", 1));
        await Conversation.Say(Turn("hello")).ToList();
        Assert.Equal(new InterruptResult("t-hello", "", InterruptOutcome.Unchanged), await Conversation.Interrupt("anything"));
        Assert.Equal(TurnState.Failed, (await Stored("t-hello")).State);
    }

    [Fact]
    public async Task A_cut_survives_a_restart()
    {
        await Exchange("first", "One two three.");
        await Conversation.Interrupt("One two");
        await Restart();
        await Exchange("second", "Two.");
        Assert.Equal(["user: first", "assistant: One two", "user: second"], Shown());
    }

    [Fact]
    public async Task Words_that_are_no_text_are_refused()
    {
        foreach (var heard in new[] { "\ud800", "a\0b", new string('x', Limits.MaxTurnCharacters + 1) })
        {
            Assert.Equal(ProblemCodes.Invalid, (await Assert.ThrowsAsync<ProblemException>(() => Conversation.Interrupt(heard))).Problem.Code);
        }
    }

    [Fact]
    public async Task Many_interrupts_at_once_end_one_turn_once()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        var text = Task.Run(reader.Until<ReplyText>);
        (await Device.NextGeneration()).Say("Once upon a time");
        await text;
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Conversation.Interrupt(null))));
        Assert.Single(results, new InterruptResult("t-hello", "Once upon a time", InterruptOutcome.Stopped));

        // Those that came when it was over find no turn that runs.
        Assert.All(results, r => Assert.True(
            r == new InterruptResult(null, null) || (r.TurnId, r.Reply) == ("t-hello", "Once upon a time"), r.ToString()));
    }
}
