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

    public static TurnState State(string name) => Enum.Parse<TurnState>(name, ignoreCase: true);

    public static RouteTarget Route(string name) => Enum.Parse<RouteTarget>(name, ignoreCase: true);

    public static FinishReason Finish(string name) => Enum.Parse<FinishReason>(name, ignoreCase: true);
}
