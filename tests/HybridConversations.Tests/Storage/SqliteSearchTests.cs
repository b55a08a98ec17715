using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Storage;

public sealed class SqliteSearchTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteConversationStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        await _store.Add("bath", 1, text: "Run a bath, \U0001F6C1 please", at: StoredTurns.Start.AddHours(1));
        await _store.Add("kitchen", 1, text: "Wie wird das Wetter in Übersee?", at: StoredTurns.Start.AddHours(2));
        await _store.Add("kitchen", 2, text: "100 %_sure", at: StoredTurns.Start.AddHours(3));
        await _store.Add("hall", 1, TurnState.Failed, text: "x\n\n  " + new string('y', 300), at: StoredTurns.Start.AddHours(4));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("kitch", "kitchen")]
    [InlineData("ÜBERSEE", "kitchen")]
    [InlineData("%_S", "kitchen")]
    [InlineData("hi", "kitchen bath")]
    [InlineData("nobody said this", "")]
    public async Task Words_are_found_in_ids_and_in_all_that_was_said(string words, string ids) =>
        Assert.Equal(ids, Ids(await _store.Find(new ConversationQuery { Words = words }, null, 50)));

    [Fact]
    public async Task A_line_says_how_it_began_and_how_it_stands()
    {
        var lines = (await _store.List(null, 50)).Conversations;
        Assert.Equal(["hall", "kitchen", "bath"], lines.Select(line => line.Id));
        Assert.Equal(("Wie wird das Wetter in Übersee?", "hi", TurnState.Completed), (lines[1].Title, lines[1].Preview, lines[1].State));
        Assert.Equal("x " + new string('y', ConversationSummary.TitleCharacters - 3) + "…", lines[0].Title);
        Assert.Equal(ConversationSummary.TitleCharacters, lines[0].Title!.Length);
        Assert.Equal(TurnState.Failed, lines[0].State);
    }

    [Fact]
    public async Task State_and_time_narrow_it_and_pages_go_on()
    {
        Assert.Equal("hall", Ids(await _store.Find(new ConversationQuery { State = TurnState.Failed }, null, 50)));
        Assert.Equal("hall kitchen", Ids(await _store.Find(new ConversationQuery { Since = StoredTurns.Start.AddHours(3) }, null, 50)));
        Assert.Equal("bath", Ids(await _store.Find(new ConversationQuery { Until = StoredTurns.Start.AddHours(3) }, null, 50)));
        var first = await _store.Find(new ConversationQuery { State = TurnState.Completed }, null, 1);
        var second = await _store.Find(new ConversationQuery { State = TurnState.Completed }, first.Next, 1);
        Assert.Equal(("kitchen", "bath"), (Ids(first), Ids(second)));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task A_search_looks_at_so_many_and_says_where_to_go_on()
    {
        await Task.WhenAll(Enumerable.Range(0, 2500).Select(i => _store.Add($"n{i}", 1, at: StoredTurns.Start.AddDays(1).AddSeconds(i))));
        var first = await _store.Find(new ConversationQuery { Words = "bath" }, null, 50);
        Assert.Empty(first.Conversations);
        Assert.Equal("bath", Ids(await _store.Find(new ConversationQuery { Words = "bath" }, first.Next, 50)));
    }

    private static string Ids(ConversationList list) => string.Join(' ', list.Conversations.Select(line => line.Id));
}
