using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>Everything that is ever written, prepared on the writer's connection.</summary>
internal sealed class SqliteWriteStatements : IDeletingStatements, IDisposable
{
    private const string Key = "(SELECT key FROM conversations WHERE id = $id)";

    private readonly SqliteStatement _saveHead;
    private readonly SqliteStatement _removeEarlier;
    private readonly SqliteStatement _insertTurn;
    private readonly SqliteStatement _updateTurn;
    private readonly SqliteStatement _delete;

    public SqliteWriteStatements(SqliteConnection connection)
    {
        string[] turn = [.. TurnColumns.Names, "id"];
        _saveHead = new SqliteStatement(connection, $"""
            INSERT INTO conversations (id, system, turns, last_sequence, window_after, kv, updated_at, begun_at, privacy_wish, tools, open_calls, note)
            VALUES ($id, $system, $turns, $last_sequence, $window_after, $kv, $updated_at, $begun_at, $privacy_wish, $tools, $open_calls, $note)
            ON CONFLICT (id) DO UPDATE SET system = excluded.system, turns = excluded.turns, last_sequence = excluded.last_sequence,
                window_after = excluded.window_after, kv = {Kept("conversations.kv", "excluded.kv")}, updated_at = excluded.updated_at, begun_at = excluded.begun_at,
                privacy_wish = excluded.privacy_wish, tools = excluded.tools, open_calls = excluded.open_calls, note = excluded.note
            """, "id", "system", "turns", "last_sequence", "window_after", "kv", "updated_at", "begun_at", "privacy_wish", "tools", "open_calls", "note");

        // A reply that someone settled on is never removed: the unique index then refuses the new row.
        _removeEarlier = new SqliteStatement(connection, $"""
            DELETE FROM turns WHERE conversation = {Key} AND turn_id = $turn_id AND state <> 'completed' AND (state <> 'interrupted' OR repeatable)
            """, "id", "turn_id");
        _insertTurn = new SqliteStatement(connection, $"""
            INSERT INTO turns (conversation, {TurnColumns.List}) VALUES ({Key}, {string.Join(", ", TurnColumns.Names.Select(name => "$" + name))})
            """, turn);
        _updateTurn = new SqliteStatement(connection, $"""
            UPDATE turns SET {string.Join(", ", TurnColumns.Names.Skip(1).Select(Assigned))}
            WHERE conversation = {Key} AND sequence = $sequence
            """, turn);
        _delete = new SqliteStatement(connection, "DELETE FROM conversations WHERE id = $id", "id");
    }

    public void Append(TurnRecord turn, ConversationHead head)
    {
        WriteHead(head);
        _removeEarlier.With("id", head.Id).With("turn_id", turn.TurnId).Execute();
        TurnColumns.Bind(_insertTurn.With("id", head.Id).Parameters, turn);
        _insertTurn.Execute();
    }

    public void Update(TurnRecord turn, ConversationHead head)
    {
        TurnColumns.Bind(_updateTurn.With("id", head.Id).Parameters, turn);
        if (_updateTurn.Execute() == 0)
        {
            throw new ProblemException(ProblemCodes.Missing($"Conversation '{head.Id}' has no turn at sequence {turn.Sequence} any more."));
        }

        WriteHead(head);
    }

    /// <summary>Writes a turn of which words were erased.</summary>
    public void Erase(TurnRecord turn, ConversationHead head)
    {
        HasDeleted = true;
        Update(turn, head);
    }

    public void WriteHead(ConversationHead head) => _saveHead
        .With("id", head.Id)
        .With("system", head.System)
        .With("turns", head.Turns)
        .With("last_sequence", head.LastSequence)
        .With("window_after", head.WindowAfter)
        .With("kv", head.Kv is null ? null : JsonSerializer.Serialize(head.Kv, StorageJson.Default.KvReference))
        .With("privacy_wish", head.PrivacyWish)
        .With("tools", head.Tools is null ? null : JsonSerializer.Serialize(head.Tools, StorageJson.Default.IReadOnlyListToolDefinition))
        .With("open_calls", head.OpenCalls is null ? null : JsonSerializer.Serialize(head.OpenCalls, StorageJson.Default.IReadOnlyListOpenCall))
        .With("note", head.Note)
        .With("updated_at", head.UpdatedAt.ToUnixTimeMilliseconds())
        .With("begun_at", head.BegunAt?.ToUnixTimeMilliseconds())
        .Execute();

    /// <summary>Words were deleted since this was last set to false: the journal still holds them.</summary>
    public bool HasDeleted { get; set; }

    public bool Delete(string id)
    {
        HasDeleted = true;
        return _delete.With("id", id).Execute() > 0;
    }

    public void Dispose()
    {
        _saveHead.Dispose();
        _removeEarlier.Dispose();
        _insertTurn.Dispose();
        _updateTurn.Dispose();
        _delete.Dispose();
    }

    /// <summary>What a later release has written and this one does not know stays: names of routes and reasons, and members of records.</summary>
    private static string Assigned(string column) => column switch
    {
        "usage" or "timings" or "problem" or "tool_calls" or "tool_results" or "earlier" => $"{column} = {Kept(column, "$" + column)}",
        "route" or "finish_reason" => $"{column} = coalesce(${column}, {column})",
        _ => $"{column} = ${column}",
    };

    /// <summary>The record that is there, where the new one says nothing else: it may have members that this release does not know. Else the new one.</summary>
    private static string Kept(string there, string written) => $"CASE WHEN json_patch({there}, {written}) = json({there}) THEN {there} ELSE {written} END";
}
