namespace HybridConversations.Client.Wire;

/// <summary>Names of the server-sent events of a turn.</summary>
public static class EventNames
{
    /// <summary>Who answers, and why.</summary>
    public const string Routed = "routed";

    /// <summary>A piece of the reply.</summary>
    public const string Text = "text";

    /// <summary>A whole sentence, ready to be spoken.</summary>
    public const string Sentence = "sentence";

    /// <summary>Words that cover the wait for the cloud.</summary>
    public const string Bridge = "bridge";

    /// <summary>A piece of the model's thought.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>A tool that the client is to call.</summary>
    public const string ToolCall = "tool-call";

    /// <summary>The end of the reply.</summary>
    public const string Completed = "completed";

    /// <summary>The end, with a problem.</summary>
    public const string Failed = "failed";
}
