using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>Everything that is ever read, prepared on one reader's connection.</summary>
internal sealed class SqliteReadStatements : IDisposable
{
    private const string Key = "(SELECT key FROM conversations WHERE id = $id)";

    /// <summary>Conversations that one request looks at when it searches.</summary>
    private const int MaxScanned = 2000;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _head;
    private readonly SqliteStatement _turns;
    private readonly SqliteStatement _turn;
    private readonly SqliteStatement _list;
    private readonly SqliteStatement _unused;

    public SqliteReadStatements(SqliteConnection connection)
    {
        _connection = connection;
        _head = new SqliteStatement(connection, "SELECT system, turns, last_sequence, window_after, kv, updated_at, begun_at, privacy_wish, tools, open_calls, note FROM conversations WHERE id = $id", "id");
        _turns = new SqliteStatement(
            connection, $"SELECT {TurnColumns.List} FROM turns WHERE conversation = {Key} AND sequence > $after ORDER BY sequence LIMIT $limit", "id", "after", "limit");
        _turn = new SqliteStatement(connection, $"SELECT {TurnColumns.List} FROM turns WHERE conversation = {Key} AND turn_id = $turn_id", "id", "turn_id");
        connection.CreateFunction("holds", (string? text, string? words) => words is null || (text is not null && text.Contains(words, StringComparison.OrdinalIgnoreCase)), isDeterministic: true);
        _list = new SqliteStatement(
            connection,
            $"""
            SELECT c.id, c.turns, c.updated_at,
                (SELECT substr(first.user, 1, {2 * ConversationSummary.TitleCharacters}) FROM turns first WHERE first.conversation = c.key ORDER BY first.sequence LIMIT 1),
                substr(CASE WHEN last.reply = '' THEN last.user ELSE last.reply END, 1, {2 * ConversationSummary.PreviewCharacters}),
                last.state, last.route, last.answered_by,
                $words IS NULL OR holds(c.id, $words) OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.key AND (holds(t.user, $words) OR holds(t.reply, $words)))
            FROM conversations c LEFT JOIN turns last ON last.conversation = c.key AND last.sequence = c.last_sequence
            WHERE (c.updated_at, c.id) < ($updated_at, $id) ORDER BY c.updated_at DESC, c.id DESC LIMIT $limit
            """,
            "words", "updated_at", "id", "limit");
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
            Note = row.IsDBNull(10) ? null : row.GetString(10),
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

    /// <summary>Rows are looked at one after the other, in the list's order, until there are enough.</summary>
    public ConversationList Find(ConversationQuery query, ListCursor from, int limit)
    {
        var found = new List<ConversationSummary>();
        var scan = query.IsEverything ? limit + 1 : MaxScanned;
        var begin = query.Until is { } until && until.ToUnixTimeMilliseconds() < from.UpdatedAt ? new ListCursor(until.ToUnixTimeMilliseconds(), "") : from;
        using var row = _list.With("words", query.Words).With("updated_at", begin.UpdatedAt).With("id", begin.Id).With("limit", scan).Query();
        ConversationSummary? last = null;
        for (var looked = 0; row.Read(); looked++)
        {
            var line = Line(row);
            if (line.UpdatedAt < query.Since)
            {
                return new ConversationList(found, null);
            }

            if (found.Count == limit)
            {
                return new ConversationList(found, ListCursor.After(found[^1]).ToString());
            }

            if (query.Admits(line) && row.GetBoolean(8))
            {
                found.Add(line);
            }

            last = line;
            if (looked == scan - 1 && !query.IsEverything)
            {
                return new ConversationList(found, ListCursor.After(last).ToString());
            }
        }

        return new ConversationList(found, null);
    }

    private static ConversationSummary Line(SqliteDataReader row) => new(row.GetString(0), row.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))
    {
        Title = row.IsDBNull(3) ? null : ConversationSummary.OneLine(row.GetString(3), ConversationSummary.TitleCharacters),
        Preview = row.IsDBNull(4) ? null : ConversationSummary.OneLine(row.GetString(4), ConversationSummary.PreviewCharacters),
        State = row.IsDBNull(5) ? null : StoredNames.State(row.GetString(5)),
        Route = row.IsDBNull(6) ? null : StoredNames.Route(row.GetString(6)),
        AnsweredBy = row.IsDBNull(7) ? null : row.GetString(7),
    };

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
