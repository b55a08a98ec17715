namespace HybridConversations.Tests.Conversations;

/// <summary>The caller leaves.</summary>
public sealed class ConversationCancellationTests : ConversationFixture
{
    [Fact]
    public async Task Cancelling_while_the_device_works_frees_it_and_keeps_what_was_delivered()
    {
        using var leave = new CancellationTokenSource();
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello"), leave.Token));
        await reader.Next();
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Half");
        await text;
        var pending = reader.Next();

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.True(await generation.Ended);
        await AssertLeft("Half");
    }

    [Fact]
    public async Task Cancelling_while_nobody_reads_frees_the_device_at_once()
    {
        using var leave = new CancellationTokenSource();
        var reader = new ReplyReader(Conversation.Say(Turn("hello"), leave.Token));
        await reader.Next();
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Half", " of it");
        await text;

        await leave.CancelAsync();

        Assert.True(await generation.Ended);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(reader.Next);
        await AssertLeft("Half");
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_that_is_disposed_in_the_middle_leaves_a_turn_that_can_be_sent_again()
    {
        var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        await reader.Next();
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Half", " of it");
        await text;

        await reader.DisposeAsync();

        await generation.Ended;
        await AssertLeft("Half");
        Assert.Equal("Whole.", (await Exchange("hello", "Whole.")).Completed().Text);
        Assert.Equal(["user: hello"], Shown());
    }

    [Fact]
    public async Task A_reader_that_leaves_before_the_first_piece_leaves_no_reply()
    {
        var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        await reader.Next();
        await reader.DisposeAsync();
        await AssertLeft("");
        await Exchange("second", "Two.");
        Assert.Equal(["user: second"], Shown());
    }

    [Fact]
    public async Task What_was_delivered_is_shown_to_the_model()
    {
        var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        var text = Task.Run(reader.Until<ReplyText>);
        (await Device.NextGeneration()).Say("Half");
        await text;
        await reader.DisposeAsync();
        await Exchange("second", "Two.");
        Assert.Equal(["user: hello", "assistant: Half", "user: second"], Shown());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_from_the_start_stores_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Conversation.Say(Turn("hello"), new CancellationToken(canceled: true)).ToList());
        Assert.Null(await Log.ReadHead());
        Assert.True(Conversation.IsIdle);
    }

    [Fact]
    public async Task Leaving_while_the_words_are_stored_lets_the_write_end_first()
    {
        using var leave = new CancellationTokenSource();
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Log.BeforeWrite = _ =>
        {
            reached.TrySetResult();
            return release.Task;
        };
        var reply = Conversation.Say(Turn("hello"), leave.Token).ToList();
        await reached.Task;
        await leave.CancelAsync();
        Assert.False(reply.IsCompleted);
        release.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        Assert.Equal(0, Device.Generations);
        await AssertLeft("");
    }

    [Fact]
    public async Task A_reply_that_was_whole_when_the_caller_left_is_complete()
    {
        using var leave = new CancellationTokenSource();
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello"), leave.Token));
        var text = Task.Run(reader.Until<ReplySentence>);
        var generation = await Device.NextGeneration();
        generation.Say("Whole.");
        generation.Finish();
        await text;
        var release = new TaskCompletionSource();
        Log.BeforeWrite = _ => release.Task;
        var last = reader.Next();
        await leave.CancelAsync();
        release.SetResult();

        Assert.IsType<ReplyCompleted>(await last);
        Assert.Equal(TurnState.Completed, (await Stored("t-hello")).State);
    }

    private async Task AssertLeft(string reply)
    {
        var stored = await Stored("t-hello");
        Assert.Equal((TurnState.Interrupted, true, reply, FinishReason.Interrupted), (stored.State, stored.Repeatable, stored.Reply, stored.FinishReason!.Value));
        Assert.NotNull(stored.EndedAt);
        Assert.Equal(0, Device.Running);
        Assert.True(Conversation.IsIdle);
    }
}
