namespace HybridConversations.Tests.Conversations;

/// <summary>The disk is full, slow or gone.</summary>
public sealed class ConversationStorageTests : ConversationFixture
{
    private static readonly Problem DiskFull = new(ProblemCodes.Storage, 507, "There is no room left.", Retryable: true);

    [Fact]
    public async Task Words_that_cannot_be_stored_are_not_answered()
    {
        Log.BeforeWrite = _ => throw new ProblemException(DiskFull);
        Assert.Equal(DiskFull, (await Conversation.Say(Turn("hello")).ToList()).Failed());
        Assert.Equal(0, Device.Generations);
        Assert.True(Conversation.IsIdle);

        Log.BeforeWrite = _ => Task.CompletedTask;
        Assert.Equal("Hi.", (await Exchange("hello", "Hi.")).Completed().Text);
        Assert.Equal(1, (await Log.ReadHead())!.LastSequence);
    }

    [Fact]
    public async Task A_reply_that_cannot_be_stored_is_not_complete()
    {
        Log.BeforeWrite = turn => turn.State == TurnState.Running ? Task.CompletedTask : throw new ProblemException(DiskFull);
        var events = await Exchange("hello", "Hi.");
        Assert.Equal("Hi.", events.Text());
        Assert.Equal(DiskFull, events.Failed());
        Assert.True(Conversation.IsIdle);

        // It is on record as running, but does not run.
        var page = (await Conversation.Read(0, 10))!;
        Assert.Equal((TurnState.Interrupted, true), (page.Turns[0].State, page.Turns[0].Repeatable));

        Log.BeforeWrite = _ => Task.CompletedTask;
        await Exchange("other", "Yes.");
        Assert.Equal(["user: other"], Shown());
        Assert.False((await Exchange("hello", "Hi again.")).Completed().Replayed);
        Assert.Equal(["other", "hello"], (await Conversation.Read(0, 10))!.Turns.Select(t => t.User));
        Assert.Equal(2, (await Log.ReadHead())!.Turns);
    }

    [Fact]
    public async Task A_write_that_takes_too_long_fails_the_turn_and_frees_the_conversation()
    {
        var (reached, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        Log.BeforeWrite = turn =>
        {
            if (turn.State == TurnState.Running)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return never.Task;
        };
        Device.Script = _ => ["Hi."];
        var reply = Task.Run(() => Conversation.Say(Turn("hello")).ToList());
        await reached.Task;
        while (!reply.IsCompleted)
        {
            Time.Advance(Options.StoreTimeout); // The time-out is set right after the write has begun.
            await Task.Yield();
        }

        var problem = (await reply).Failed();
        Assert.Equal((ProblemCodes.Storage, true), (problem.Code, problem.Retryable));
        Assert.True(Conversation.IsIdle);
        never.SetResult();
    }

    [Fact]
    public async Task An_interrupt_that_cannot_be_stored_says_so()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        var text = Task.Run(reader.Until<ReplyText>);
        (await Device.NextGeneration()).Say("Once");
        await text;
        Log.BeforeWrite = _ => throw new ProblemException(DiskFull);
        Assert.Equal(DiskFull, (await Assert.ThrowsAsync<ProblemException>(() => Conversation.Interrupt(null))).Problem);
        Assert.Equal(DiskFull, Assert.IsType<ReplyFailed>(await reader.Next()).Problem);
        Assert.True(Conversation.IsIdle);
    }

    [Fact]
    public async Task A_reader_that_leaves_while_the_disk_is_full_frees_the_conversation()
    {
        var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        await reader.Next();
        Log.BeforeWrite = _ => throw new ProblemException(DiskFull);
        await reader.DisposeAsync();
        Assert.True(Conversation.IsIdle);
    }
}
