namespace HybridConversations.Tests.Conversations;

/// <summary>Reading ahead what is still being said, and forgetting.</summary>
public sealed class ConversationListenTests : ConversationFixture
{
    [Fact]
    public async Task A_draft_is_shown_to_the_device_behind_the_history()
    {
        await Exchange("first", "One.");
        await Conversation.Listen(new SpokenDraft("what is the", Speculate: true));
        var (draft, speculate) = Assert.Single(Device.Drafts);
        Assert.True(speculate);
        Assert.Equal("c", draft.ConversationId);
        Assert.Equal(["first", "One.", "what is the"], draft.Messages.Select(m => m.Content));
        Assert.Single((await Conversation.Read(0, 10))!.Turns);
    }

    [Fact]
    public async Task The_draft_of_a_first_turn_brings_its_system_prompt()
    {
        Options = Options with { DefaultSystem = "Default." };
        await Conversation.Listen(new SpokenDraft("hello", System: "Be brief."));
        await Conversation.Listen(new SpokenDraft("hello"));
        Assert.Equal(["Be brief.", "Default."], Device.Drafts.Select(d => d.Draft.Messages[0].Content));
        Assert.Null(await Conversation.Read(0, 10));

        await Exchange("hello", "Hi.");
        await Conversation.Listen(new SpokenDraft("and", System: "Ignored."));
        Assert.Equal("Default.", Device.Drafts.Last().Draft.Messages[0].Content);
    }

    [Fact]
    public async Task An_empty_draft_takes_it_back()
    {
        await Exchange("first", "One.");
        await Conversation.Interrupt("");
        await Conversation.Listen(new SpokenDraft(""));
        Assert.Equal("", Assert.Single(Device.Drafts).Draft.Messages[^1].Content);
    }

    [Fact]
    public async Task Nothing_is_read_ahead_while_a_turn_runs()
    {
        await using var running = new ReplyReader(Conversation.Say(Turn("first")));
        await running.Next();
        await Conversation.Listen(new SpokenDraft("stop it"));
        Assert.Empty(Device.Drafts);
    }

    [Fact]
    public async Task A_draft_that_is_no_text_is_refused() =>
        Assert.Equal(ProblemCodes.Invalid, (await Assert.ThrowsAsync<ProblemException>(() => Conversation.Listen(new SpokenDraft("\udc00")))).Problem.Code);

    [Fact]
    public async Task Deleting_forgets_history_and_kv()
    {
        await Exchange("first", "One.");
        Assert.True(await Conversation.Delete());
        Assert.Equal(["c"], Device.Forgotten);
        Assert.Null(await Conversation.Read(0, 10));
        Assert.False(await Conversation.Delete());

        await Exchange("first", "Another.");
        Assert.Equal(["user: first"], Shown());
        Assert.Equal("Another.", Assert.Single((await Conversation.Read(0, 10))!.Turns).Reply);
    }

    [Fact]
    public async Task Deleting_ends_a_running_turn_whether_its_reader_reads_or_not()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("first")));
        await reader.Next();
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Once", " upon");
        await text;

        Assert.True(await Conversation.Delete());

        Assert.True(await generation.Ended);
        Assert.Equal(ProblemCodes.NotFound, Assert.IsType<ReplyFailed>(await reader.Next()).Problem.Code);
        Assert.Null(await reader.Next());
        Assert.Null(await Conversation.Read(0, 10));
    }
}
