using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>Everything that is ever read, prepared on one reader's connection.</summary>
internal sealed class SqliteReadStatements : IDisposable
{
    private const string Key = "(SELECT key FROM conversations WHERE id = $id)";

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _head;
    private readonly SqliteStatement _turns;
    private readonly SqliteStatement _turn;
    private readonly SqliteStatement _list;
    private readonly SqliteStatement _unused;

    public SqliteReadStatements(SqliteConnection connection)
    {
        _connection = connection;
        _head = new SqliteStatement(connection, "SELECT system, turns, last_sequence, window_after, kv, updated_at, begun_at, privacy_wish, tools, open_calls FROM conversations WHERE id = $id", "id");
        _turns = new SqliteStatement(
            connection, $"SELECT {TurnColumns.List} FROM turns WHERE conversation = {Key} AND sequence > $after ORDER BY sequence LIMIT $limit", "id", "after", "limit");
        _turn = new SqliteStatement(connection, $"SELECT {TurnColumns.List} FROM turns WHERE conversation = {Key} AND turn_id = $turn_id", "id", "turn_id");
        _list = new SqliteStatement(
            connection,
            "SELECT id, turns, updated_at FROM conversations WHERE (updated_at, id) < ($updated_at, $id) ORDER BY updated_at DESC, id DESC LIMIT $limit",
            "updated_at", "id", "limit");
        _unused = new SqliteStatement(
            connection, "SELECT id FROM conversations WHERE updated_at < $before ORDER BY updated_at, id LIMIT $limit OFFSET $skip", "before", "skip", "limit");
    }

    public ConversationHead? Head(string id)
    {
        using var row = _head.With("id", id).Query();
        return !row.Read() ? null : new ConversationHead
        {
            Id = id,
            System = row.IsDBNull(0) ? null : row.GetString(0),
            Turns = row.GetInt32(1),
            LastSequence = row.GetInt64(2),
            WindowAfter = row.GetInt64(3),
            Kv = row.IsDBNull(4) ? null : JsonSerializer.Deserialize(row.GetString(4), StorageJson.Default.KvReference),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            BegunAt = row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            PrivacyWish = row.IsDBNull(7) ? null : row.GetString(7),
            Tools = row.IsDBNull(8) ? null : JsonSerializer.Deserialize(row.GetString(8), StorageJson.Default.IReadOnlyListToolDefinition),
            OpenCalls = row.IsDBNull(9) ? null : JsonSerializer.Deserialize(row.GetString(9), StorageJson.Default.IReadOnlyListOpenCall),
        };
    }

    public List<TurnRecord> Turns(string id, long after, int limit)
    {
        var turns = new List<TurnRecord>();
        using var row = _turns.With("id", id).With("after", after).With("limit", limit).Query();
        while (row.Read())
        {
            turns.Add(TurnColumns.Read(row));
        }

        return turns;
    }

    public TurnRecord? Turn(string id, string turnId)
    {
        using var row = _turn.With("id", id).With("turn_id", turnId).Query();
        return row.Read() ? TurnColumns.Read(row) : null;
    }

    public List<ConversationSummary> List(ListCursor from, int limit)
    {
        var page = new List<ConversationSummary>();
        using var row = _list.With("updated_at", from.UpdatedAt).With("id", from.Id).With("limit", limit).Query();
        while (row.Read())
        {
            page.Add(new ConversationSummary(row.GetString(0), row.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))));
        }

        return page;
    }

    public List<string> UnusedSince(long before, int skip, int limit)
    {
        var ids = new List<string>();
        using var row = _unused.With("before", before).With("skip", skip).With("limit", limit).Query();
        while (row.Read())
        {
            ids.Add(row.GetString(0));
        }

        return ids;
    }

    public void Dispose()
    {
        _head.Dispose();
        _turns.Dispose();
        _turn.Dispose();
        _list.Dispose();
        _unused.Dispose();
        _connection.Dispose();
    }
}
