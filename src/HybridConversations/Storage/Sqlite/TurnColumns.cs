using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>A turn as a row: writes it to parameters and reads it back.</summary>
internal static class TurnColumns
{
    /// <summary>In the order that <see cref="Read"/> expects; parameters have the same names.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "sequence", "turn_id", "user", "reply", "state", "repeatable", "private", "route", "route_reason", "route_policy", "route_score",
        "answered_by", "finish_reason", "usage", "timings", "problem", "started_at", "ended_at", "private_reply",
        "tool_calls", "tool_results", "reasoning", "earlier", "note", "feedback",
    ];

    public static readonly string List = string.Join(", ", Names);

    public static void Bind(SqliteParameterCollection to, TurnRecord turn)
    {
        to["$sequence"].Value = turn.Sequence;
        to["$turn_id"].Value = turn.TurnId;
        to["$user"].Value = turn.User;
        to["$reply"].Value = turn.Reply;
        to["$state"].Value = StoredNames.Of(turn.State);
        to["$repeatable"].Value = turn.Repeatable;
        to["$private"].Value = turn.Private;
        to["$route"].Value = OrNull(turn.Route is { } route ? StoredNames.Of(route) : null);
        to["$route_reason"].Value = OrNull(turn.RouteReason);
        to["$route_policy"].Value = OrNull(turn.RoutePolicy);
        to["$route_score"].Value = OrNull(turn.RouteScore);
        to["$answered_by"].Value = OrNull(turn.AnsweredBy);
        to["$finish_reason"].Value = OrNull(turn.FinishReason is { } reason ? StoredNames.Of(reason) : null);
        to["$usage"].Value = OrNull(turn.Usage is { } usage ? JsonSerializer.Serialize(usage, StorageJson.Default.TokenUsage) : null);
        to["$timings"].Value = OrNull(turn.Timings is { } timings ? JsonSerializer.Serialize(timings, StorageJson.Default.TurnTimings) : null);
        to["$problem"].Value = OrNull(turn.Problem is { } problem ? JsonSerializer.Serialize(problem, StorageJson.Default.Problem) : null);
        to["$private_reply"].Value = turn.PrivateReply;
        to["$tool_calls"].Value = Json(turn.ToolCalls, StorageJson.Default.IReadOnlyListToolCall);
        to["$tool_results"].Value = Json(turn.ToolResults, StorageJson.Default.IReadOnlyListToolResult);
        to["$reasoning"].Value = OrNull(turn.Reasoning);
        to["$earlier"].Value = Json(turn.Earlier, StorageJson.Default.IReadOnlyListChatMessage);
        to["$note"].Value = OrNull(turn.Note);
        to["$feedback"].Value = OrNull(turn.Feedback is { } feedback ? StoredNames.Of(feedback) : null);
        to["$started_at"].Value = turn.StartedAt.ToUnixTimeMilliseconds();
        to["$ended_at"].Value = OrNull(turn.EndedAt?.ToUnixTimeMilliseconds());
    }

    public static TurnRecord Read(SqliteDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        TurnId = row.GetString(1),
        User = row.GetString(2),
        Reply = row.GetString(3),
        State = StoredNames.State(row.GetString(4)),
        Repeatable = row.GetBoolean(5),
        Private = row.GetBoolean(6),
        Route = Text(row, 7) is { } route ? StoredNames.Route(route) : null,
        RouteReason = Text(row, 8),
        RoutePolicy = Text(row, 9),
        RouteScore = row.IsDBNull(10) ? null : row.GetDouble(10),
        AnsweredBy = Text(row, 11),
        FinishReason = Text(row, 12) is { } reason ? StoredNames.Finish(reason) : null,
        Usage = Text(row, 13) is { } usage ? JsonSerializer.Deserialize(usage, StorageJson.Default.TokenUsage) : null,
        Timings = Text(row, 14) is { } timings ? JsonSerializer.Deserialize(timings, StorageJson.Default.TurnTimings) : null,
        Problem = Text(row, 15) is { } problem ? JsonSerializer.Deserialize(problem, StorageJson.Default.Problem) : null,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(16)),
        EndedAt = row.IsDBNull(17) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(17)),
        PrivateReply = row.GetBoolean(18),
        ToolCalls = Text(row, 19) is { } calls ? JsonSerializer.Deserialize(calls, StorageJson.Default.IReadOnlyListToolCall) : null,
        ToolResults = Text(row, 20) is { } results ? JsonSerializer.Deserialize(results, StorageJson.Default.IReadOnlyListToolResult) : null,
        Reasoning = Text(row, 21),
        Earlier = Text(row, 22) is { } earlier ? JsonSerializer.Deserialize(earlier, StorageJson.Default.IReadOnlyListChatMessage) : null,
        Note = Text(row, 23),
        Feedback = Text(row, 24) is { } feedback ? StoredNames.Feedback(feedback) : null,
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static object Json<T>(T? value, JsonTypeInfo<T> type)
        where T : class => OrNull(value is null ? null : JsonSerializer.Serialize(value, type));

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
