using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Storage;

public sealed class SqliteConversationStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_was_written_is_there_after_the_store_was_closed()
    {
        await using (var store = Open())
        {
            await store.Add("c", 1);
            await store.Add("c", 2);
        }

        await using var again = Open();
        Assert.Equal(["t1", "t2"], (await again.Open("c").ReadTurns(0, 10)).Select(t => t.TurnId));
    }

    [Fact]
    public async Task What_was_written_is_there_although_the_process_ended_at_once()
    {
        await using var store = Open();
        await store.Add("c", 1);
        await store.Add("c", 2, TurnState.Running);

        // The files as they are now are what a killed process leaves behind.
        using var crashed = new TemporaryFolder();
        CopyDatabase(crashed);
        await using var again = Open(folder: crashed);

        var turns = await again.Open("c").ReadTurns(0, 10);
        Assert.Equal([TurnState.Completed, TurnState.Interrupted], turns.Select(t => t.State));
        Assert.Equal([false, true], turns.Select(t => t.Repeatable));
        Assert.Equal("hi", turns[0].Reply);
        Assert.NotNull(turns[1].EndedAt);
    }

    [Fact]
    public async Task A_turn_that_had_announced_a_call_when_its_process_ended_never_runs_again()
    {
        await using var store = Open();
        await store.Add("c", 1, TurnState.Running);
        var running = (await store.Open("c").FindTurn("t1"))!;
        var head = (await store.Open("c").ReadHead())!;
        await store.Open("c").Update(running with { ToolCalls = [new ToolCall("c1", "order_pizza", "{}")] }, head);

        using var crashed = new TemporaryFolder();
        CopyDatabase(crashed);
        await using var again = Open(folder: crashed);

        var turn = (await again.Open("c").FindTurn("t1"))!;
        Assert.Equal((TurnState.Interrupted, false, FinishReason.ToolCalls), (turn.State, turn.Repeatable, turn.FinishReason));
        Assert.Equal([new ToolCall("c1", "order_pizza", "{}")], turn.ToolCalls);
    }

    [Fact]
    public async Task A_second_store_on_the_folder_is_refused_until_the_first_is_closed()
    {
        var store = Open();
        Assert.Contains("in use", Refused().Detail, StringComparison.Ordinal);
        await store.DisposeAsync();
        await using var again = Open();
    }

    [Fact]
    public async Task The_list_is_most_recently_used_first_and_pages_without_gap_or_repeat()
    {
        await using var store = Open();
        for (var i = 0; i < 23; i++)
        {
            await store.Add($"c{i:00}", 1, at: StoredTurns.Start.AddSeconds(i / 5)); // Five at a time share a moment.
        }

        await store.Add("c00", 2, at: StoredTurns.Start.AddHours(1));

        var seen = new List<ConversationSummary>();
        string? cursor = null;
        do
        {
            var page = await store.List(cursor, 4);
            Assert.True(page.Conversations.Count == 4 || page.Next is null);
            seen.AddRange(page.Conversations);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(23, seen.Select(s => s.Id).Distinct().Count());
        Assert.Equal(23, seen.Count);
        Assert.Equal(("c00", 2), (seen[0].Id, seen[0].Turns));
        Assert.Equal(seen.OrderByDescending(s => s.UpdatedAt).ThenByDescending(s => s.Id, StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task The_last_page_has_no_cursor_although_it_is_full()
    {
        await using var store = Open();
        await store.Add("a", 1);
        await store.Add("b", 1);
        Assert.Null((await store.List(null, 2)).Next);
        Assert.Empty((await store.List((await store.List(null, 1)).Next, 5)).Conversations.Skip(1));
    }

    [Theory]
    [InlineData("nonsense", 10)]
    [InlineData("!!!", 10)]
    [InlineData("", 10)]
    [InlineData("YWJj", 10)]
    [InlineData(null, 0)]
    [InlineData(null, 201)]
    public async Task A_cursor_or_limit_that_cannot_be_is_refused(string? cursor, int limit)
    {
        await using var store = Open();
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => store.List(cursor, limit))).Problem;
        Assert.Equal(ProblemCodes.Invalid, problem.Code);
    }

    [Fact]
    public void Every_wrong_setting_is_named_at_once()
    {
        var wrong = new SqliteStoreOptions { Folder = " ", MaxBytes = 1, MaxQueuedWrites = 0, Readers = 65, BusyTimeout = TimeSpan.FromSeconds(-1) };
        var problem = Assert.Throws<ProblemException>(() => SqliteConversationStore.OpenFolder(wrong)).Problem;
        Assert.All(["Folder", "MaxBytes", "MaxQueuedWrites", "Readers", "BusyTimeout"], name => Assert.Contains(name, problem.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_it_was_closed_everything_is_refused_as_stopping()
    {
        var store = Open();
        await store.Add("c", 1);
        var log = store.Open("c");
        await store.DisposeAsync();
        await store.DisposeAsync();

        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(() => log.ReadHead())).Problem.Code);
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(() => store.Add("c", 2))).Problem.Code);
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(() => store.List(null, 10))).Problem.Code);
    }

    [Fact]
    public async Task A_deleted_conversation_leaves_no_words_in_the_file()
    {
        const string secret = "the passphrase is xylophone-gambit";
        await using var store = Open();
        await store.Add("c", 1, text: secret + new string('.', 20_000));
        await store.Open("c").Delete();

        // At once, not only when the store is closed.
        foreach (var file in Directory.GetFiles(_folder.Path, SqliteConversationStore.FileName + "*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain("xylophone-gambit", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_write_whose_caller_gave_up_before_it_began_is_not_made()
    {
        await using var store = Open();
        var turn = new TurnRecord { Sequence = 1, TurnId = "t1", User = "x", State = TurnState.Running, StartedAt = StoredTurns.Start };
        var head = new ConversationHead { Id = "c", LastSequence = 1 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Open("c").Append(turn, head, new CancellationToken(canceled: true)));
        Assert.Null(await store.Open("c").ReadHead());
    }

    public void Dispose() => _folder.Dispose();

    private SqliteConversationStore Open(TemporaryFolder? folder = null) =>
        SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = (folder ?? _folder).Path });

    private Problem Refused() => Assert.Throws<ProblemException>(() => Open()).Problem;

    private void CopyDatabase(TemporaryFolder to)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, SqliteConversationStore.FileName + "*"))
        {
            File.Copy(file, to.File(Path.GetFileName(file)));
        }
    }
}
