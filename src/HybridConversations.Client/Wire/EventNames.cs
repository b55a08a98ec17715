namespace HybridConversations.Client.Wire;

/// <summary>Names of the server-sent events of a turn.</summary>
public static class EventNames
{
    public const string Routed = "routed";
    public const string Text = "text";
    public const string Sentence = "sentence";
    public const string Bridge = "bridge";
    public const string Reasoning = "reasoning";
    public const string ToolCall = "tool-call";
    public const string Completed = "completed";
    public const string Failed = "failed";
}
