using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Tests.Storage;

public sealed class SqliteConversationLogTests : ConversationLogContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteConversationStore? _store;

    public Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_later_release_has_written_is_read_and_kept()
    {
        var log = Open("c");
        var head = new ConversationHead { Id = "c", Turns = 1, LastSequence = 1, Kv = new KvReference("jetson-1", "abc", 77), UpdatedAt = StoredTurns.Start };
        var turn = new TurnRecord
        {
            Sequence = 1,
            TurnId = "t1",
            User = "hello",
            Reply = "hi there",
            State = TurnState.Completed,
            Route = RouteTarget.Cloud,
            FinishReason = FinishReason.Stop,
            Usage = new TokenUsage(20, 3, 15, 5, new ReusedTokens(Resident: 15)),
            Timings = new TurnTimings(80.5, 300, 0),
            StartedAt = StoredTurns.Start,
        };
        await log.Append(turn, head);
        Execute("""
            UPDATE turns SET route = 'neighbour', finish_reason = 'refused', usage = json_set(usage, '$.reused.peer', 4), timings = json_set(timings, '$.spokenMs', 7);
            UPDATE conversations SET kv = json_set(kv, '$.tier', 'parked');
            """);

        var found = (await log.FindTurn("t1"))!;
        Assert.Equal(turn with { Route = null, FinishReason = null }, found);

        await log.Update(found with { Reply = "hi" }, head with { UpdatedAt = StoredTurns.Start.AddSeconds(1) });
        Assert.Equal("neighbour|refused", Text("SELECT route || '|' || finish_reason FROM turns"));
        Assert.Equal("4|7", Text("SELECT (usage ->> '$.reused.peer') || '|' || (timings ->> '$.spokenMs') FROM turns"));
        Assert.Equal("parked", Text("SELECT kv ->> '$.tier' FROM conversations"));

        // What it said of the KV state before, it does not say of another one.
        await log.Update(found with { Usage = new TokenUsage(1, 1, 0, 1), FinishReason = FinishReason.Length }, head with { Kv = new KvReference("jetson-2", "abc", 80) });
        Assert.Equal("""{"deviceId":"jetson-2","modelHash":"abc","tokens":80}""", Text("SELECT kv FROM conversations"));
        Assert.Equal((new TokenUsage(1, 1, 0, 1), FinishReason.Length), ((await log.FindTurn("t1"))!.Usage, (await log.FindTurn("t1"))!.FinishReason));
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string? Text(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string?)command.ExecuteScalar();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteConversationStore.FileName)};Pooling=False");
        connection.Open();
        return connection;
    }

    protected override IConversationLog Open(string conversationId) => _store!.Open(conversationId);
}
