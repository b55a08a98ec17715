using HybridConversations.Storage;

namespace HybridConversations.Tests.Conversations;

/// <summary>A turn id that comes again.</summary>
public sealed class ConversationReplayTests : ConversationFixture
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_completed_turn_is_told_again_and_does_not_run(bool afterRestart)
    {
        var first = await Exchange("hello", "Hi there. ", "How are you?");
        if (afterRestart)
        {
            await Restart();
        }

        var again = await Conversation.Say(Turn("hello")).ToList();

        Assert.Equal(1, Device.Generations);
        Assert.Equal(first[0], again[0]);
        Assert.Equal(new ReplyText("Hi there. How are you?"), again[1]);
        Assert.Equal(["Hi there.", "How are you?"], again.OfType<ReplySentence>().Select(e => e.Text));
        Assert.Equal(first.Completed() with { Replayed = true }, again.Completed());
    }

    [Fact]
    public async Task An_empty_reply_is_told_again_without_text()
    {
        await Exchange("hello");
        Assert.Equal([typeof(ReplyRouted), typeof(ReplyCompleted)], (await Conversation.Say(Turn("hello")).ToList()).Select(e => e.GetType()));
    }

    [Fact]
    public async Task Another_text_under_the_same_id_is_refused()
    {
        await Exchange("hello", "Hi.");
        var problem = (await Conversation.Say(Turn("something else", id: "t-hello")).ToList()).Failed();
        Assert.Equal((ProblemCodes.TurnIdReused, 409, false), (problem.Code, problem.Status, problem.Retryable));
        Assert.Equal("Hi.", (await Stored("t-hello")).Reply);
    }

    [Fact]
    public async Task A_retry_of_an_earlier_turn_neither_waits_for_nor_ends_a_running_one()
    {
        await Exchange("first", "One.");
        await using var running = new ReplyReader(Conversation.Say(Turn("second")));
        await running.Next();

        Assert.True((await Conversation.Say(Turn("first")).ToList()).Completed().Replayed);
        Assert.True((await Conversation.Say(Turn("first", interrupt: true)).ToList()).Completed().Replayed);

        var text = running.Next();
        (await Device.NextGeneration()).Finish();
        Assert.Equal(FinishReason.Stop, Assert.IsType<ReplyCompleted>(await text).FinishReason);
    }

    [Fact]
    public async Task A_turn_that_was_cut_off_by_a_crash_runs_again_at_the_end()
    {
        await Exchange("first", "One.");
        var head = (await Log.ReadHead())!;
        var lost = new TurnRecord { Sequence = 2, TurnId = "t-lost", User = "lost", State = TurnState.Running, StartedAt = Time.GetUtcNow() };
        await Log.Append(lost, head with { LastSequence = 2, Turns = 2 });
        await Restart();

        var page = (await Conversation.Read(0, 10))!;
        Assert.Equal((TurnState.Interrupted, true), (page.Turns[1].State, page.Turns[1].Repeatable));

        await Exchange("third", "Three.");
        Assert.Equal(["user: first", "assistant: One.", "user: third"], Shown());
        Assert.False((await Exchange("lost", "Found.")).Completed().Replayed);
        Assert.Equal(["user: first", "assistant: One.", "user: third", "assistant: Three.", "user: lost"], Shown());
        Assert.Equal(["first", "third", "lost"], (await Conversation.Read(0, 10))!.Turns.Select(t => t.User));
        Assert.Equal(3, (await Log.ReadHead())!.Turns);
    }

    [Fact]
    public async Task A_turn_on_record_as_running_that_runs_nowhere_is_repeatable()
    {
        // A fleet's log has no recovery at opening: the silo died, and another one activates the conversation.
        var lost = new TurnRecord { Sequence = 1, TurnId = "t-lost", User = "lost", State = TurnState.Running, StartedAt = Time.GetUtcNow() };
        await Log.Append(lost, new ConversationHead { Id = "c", LastSequence = 1, Turns = 1 });

        var page = (await Conversation.Read(0, 10))!;
        Assert.Equal((TurnState.Interrupted, true), (page.Turns[0].State, page.Turns[0].Repeatable));
        Assert.Equal("Found.", (await Exchange("lost", "Found.")).Completed().Text);
        Assert.Equal(TurnState.Completed, Assert.Single((await Conversation.Read(0, 10))!.Turns).State);
    }

    [Fact]
    public async Task A_turn_that_is_sent_again_while_its_end_is_stored_hears_that_end()
    {
        Device.Script = _ => ["Hi."];
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Log.BeforeWrite = turn =>
        {
            if (turn.State == TurnState.Running)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return release.Task;
        };
        var first = Conversation.Say(Turn("hello")).ToList();
        await reached.Task;
        var again = Conversation.Say(Turn("hello", interrupt: true)).ToList();
        Assert.False(again.IsCompleted);
        release.SetResult();

        Assert.False((await first).Completed().Replayed);
        Assert.Equal((await first)[^1], (await again)[^1]);
        Assert.Equal(1, Device.Generations);
    }

    [Fact]
    public async Task Many_at_once_with_one_id_run_it_once()
    {
        Device.Script = _ => ["Hi."];
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Conversation.Say(Turn("hello")).ToList())));
        Assert.Equal(1, Device.Generations);
        Assert.All(all, events => Assert.Equal(("Hi.", "Hi."), (events.Text(), events.Completed().Text)));
    }
}
