namespace HybridConversations.Tests.Conversations;

/// <summary>The same turn id with the same text, sent while the turn runs, joins it.</summary>
public sealed class ConversationJoinTests : ConversationFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, false, "One. Two. Three.")]
    [InlineData(5, false, "Two. Three.")]
    [InlineData(7, true, "o. Three.")]
    [InlineData(500, false, "")]
    public async Task Who_sends_it_again_hears_the_rest(int received, bool interrupt, string rest)
    {
        await using var first = new ReplyReader(Conversation.Say(Turn("hello", interrupt: interrupt)));
        var text = Task.Run(first.Until<ReplyText>);
        var generation = await Device.NextGeneration();
        generation.Say("One. ");
        await text; // And its connection is gone, without a word.

        var again = Conversation.Say(Turn("hello", interrupt: interrupt) with { Received = received }).ToList();
        generation.Say("Two. ", "Three.");
        generation.Finish();
        var heard = await again.WaitAsync(Patience);

        Assert.Equal(received, Assert.IsType<ReplyRouted>(heard[0]).From);
        Assert.Equal(rest, heard.Text());
        Assert.Equal(("One. Two. Three.", FinishReason.Stop, false), (heard.Completed().Text, heard.Completed().FinishReason, heard.Completed().Replayed));
        Assert.Equal(1, Device.Generations);

        // The first hears it as well, should it read on.
        Assert.Equal("Two. ", (await first.Until<ReplyText>()).Text);
        Assert.Equal(heard.Completed(), await first.Until<ReplyCompleted>());
    }

    [Fact]
    public async Task Another_text_under_its_id_is_refused()
    {
        await using var first = new ReplyReader(Conversation.Say(Turn("hello")));
        await first.Next();
        Assert.Equal(ProblemCodes.ReusedTurnId("t-hello"), (await Conversation.Say(Turn("goodbye", id: "t-hello")).ToList()).Failed());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_runs_as_long_as_anyone_reads(bool cancels)
    {
        using var leave = new CancellationTokenSource();
        var first = new ReplyReader(Conversation.Say(Turn("hello"), leave.Token));
        await first.Next();
        var next = first.Next();
        var generation = await Device.NextGeneration();
        generation.Say("One. ");
        await next;
        await using var second = new ReplyReader(Conversation.Say(Turn("hello")));
        await second.Until<ReplyText>();
        if (cancels)
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(first.Until<ReplyCompleted>);
        }

        await first.DisposeAsync();
        Assert.False(generation.Ended.IsCompleted);
        generation.Say("Two.");
        Assert.Equal("Two.", (await second.Until<ReplyText>()).Text);

        await second.DisposeAsync();
        Assert.True(await generation.Ended);
        Assert.True(Conversation.IsIdle);
        var stored = await Stored("t-hello");
        Assert.Equal((TurnState.Interrupted, true, "One. Two."), (stored.State, stored.Repeatable, stored.Reply));
    }

    [Fact]
    public async Task One_that_pulls_and_leaves_does_not_take_the_reply_along()
    {
        using var leave = new CancellationTokenSource();
        await using var first = new ReplyReader(Conversation.Say(Turn("hello"), leave.Token));
        await first.Next();
        var pulls = first.Next();
        var generation = await Device.NextGeneration();
        var second = Conversation.Say(Turn("hello")).ToList();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulls).WaitAsync(Patience);

        generation.Say("Hi.");
        generation.Finish();
        Assert.Equal(["Hi."], (await second.WaitAsync(Patience)).OfType<ReplyText>().Select(e => e.Text));
        Assert.Equal("Hi.", (await second).Completed().Text);
        Assert.Equal(1, Device.Generations);
    }

    [Fact]
    public async Task A_turn_that_waits_behind_another_is_joined_where_it_waits()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        Device.Script = _ => ["Two."];
        var release = new TaskCompletionSource();
        Log.BeforeWrite = _ => release.Task;
        using var leave = new CancellationTokenSource();
        var waiting = Conversation.Say(Turn("second", interrupt: true), leave.Token).ToList();
        var joined = Conversation.Say(Turn("second", interrupt: true)).ToList();
        var third = Conversation.Say(Turn("second", interrupt: true)).ToList();

        // The one who said it first leaves before it runs: those who joined say it themselves.
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.SetResult();
        Assert.Equal("Two.", (await joined.WaitAsync(Patience)).Completed().Text);
        Assert.Equal("Two.", (await third.WaitAsync(Patience)).Completed().Text);
        Assert.Equal(2, (await Conversation.Read(0, 10))!.Turns.Count);
    }

    [Fact]
    public async Task A_turn_that_is_sent_again_after_its_end_is_answered_anew_from_its_beginning()
    {
        var first = new ReplyReader(Conversation.Say(Turn("hello")));
        var text = Task.Run(first.Until<ReplyText>);
        (await Device.NextGeneration()).Say("One. ");
        await text;
        await first.DisposeAsync();

        Device.Script = _ => ["Another ", "reply."];
        var again = await Conversation.Say(Turn("hello") with { Received = 5 }).ToList();
        Assert.Equal((0, "Another reply."), (Assert.IsType<ReplyRouted>(again[0]).From, again.Text()));

        var replayed = await Conversation.Say(Turn("hello") with { Received = 8 }).ToList();
        Assert.Equal((8, "reply."), (Assert.IsType<ReplyRouted>(replayed[0]).From, replayed.Text()));
    }

    [Fact]
    public async Task A_resumable_reply_goes_on_without_a_reader_for_a_while()
    {
        var first = new ReplyReader(Conversation.Say(Turn("hello") with { Resumable = true }));
        var text = Task.Run(first.Until<ReplyText>);
        var generation = await Device.NextGeneration();
        generation.Say("One. ");
        await text;
        await first.DisposeAsync();
        generation.Say("Two. ");
        Time.Advance(Options.ResumeGrace - TimeSpan.FromSeconds(1));

        var second = new ReplyReader(Conversation.Say(Turn("hello") with { Received = 5 }));
        Assert.Equal("Two. ", (await second.Until<ReplyText>()).Text);
        Time.Advance(Options.ResumeGrace);
        Assert.False(generation.Ended.IsCompleted);

        await second.DisposeAsync();
        Time.Advance(Options.ResumeGrace);
        Assert.True(await generation.Ended);
    }

    [Fact]
    public async Task Whoever_joins_may_ask_for_a_reply_that_goes_on()
    {
        await using var first = new ReplyReader(Conversation.Say(Turn("hello")));
        await first.Next();
        var second = new ReplyReader(Conversation.Say(Turn("hello") with { Resumable = true }));
        await second.Next();
        await second.DisposeAsync();
        await first.DisposeAsync();
        var generation = await Device.NextGeneration();
        generation.Say("Whole.");
        generation.Finish();
        Assert.Equal("Whole.", (await Conversation.Say(Turn("hello")).ToList().WaitAsync(Patience)).Completed().Text);
        Assert.Equal(1, Device.Generations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_many_come_and_go_each_hears_one_reply_whole(int seed)
    {
        Device.Script = _ => [.. Enumerable.Range(0, 40).Select(i => $"{i} ")];
        _ = Conversation;
        var whole = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i} "));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(t => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + t);
            for (var i = 0; i < 30; i++)
            {
                var text = "";
                using var leave = new CancellationTokenSource();
                var stay = random.Next(3) == 0 ? int.MaxValue : random.Next(60);
                try
                {
                    await foreach (var e in Conversation.Say(Turn($"words {i}"), leave.Token))
                    {
                        text += (e as ReplyText)?.Text;
                        Assert.StartsWith(text, whole, StringComparison.Ordinal);
                        if (e is ReplyCompleted completed)
                        {
                            Assert.Equal((whole, whole), (text, completed.Text));
                        }
                        else if (e is ReplyFailed failed)
                        {
                            Assert.True(failed.Problem is { Retryable: true, Code: ProblemCodes.TurnInProgress or ProblemCodes.SlowReader }, failed.ToString());
                        }
                        else if (stay-- == 0)
                        {
                            if (random.Next(2) == 0)
                            {
                                break;
                            }

                            await leave.CancelAsync();
                        }
                    }
                }
                catch (OperationCanceledException) when (leave.IsCancellationRequested)
                {
                    // As it should.
                }
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(Conversation.IsIdle);
        Assert.Equal(0, Device.Running);
        Assert.Equal(1, Device.MostRunning);
    }
}
