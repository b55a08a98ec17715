namespace HybridConversations.Storage.Sqlite;

/// <summary>How enumerations are written in the database: names, so that a new member never changes the meaning of an old row.</summary>
internal static class StoredNames
{
    public static string Of(TurnState state) => state switch
    {
        TurnState.Running => "running",
        TurnState.Completed => "completed",
        TurnState.Interrupted => "interrupted",
        TurnState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static string Of(RouteTarget target) => target == RouteTarget.Cloud ? "cloud" : "local";

    public static string Of(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Interrupted => "interrupted",
        FinishReason.Cut => "cut",
        FinishReason.ToolCalls => "toolcalls",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string Of(TurnFeedback feedback) => feedback.ToString().ToLowerInvariant();

    public static TurnState State(string name) => Known<TurnState>(name) ?? TurnState.Interrupted;

    public static RouteTarget? Route(string name) => Known<RouteTarget>(name);

    public static FinishReason? Finish(string name) => Known<FinishReason>(name);

    public static TurnFeedback? Feedback(string name) => Known<TurnFeedback>(name);

    /// <summary>Null for a name that a later release has written: its conversation can be read all the same.</summary>
    private static T? Known<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(name, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}
