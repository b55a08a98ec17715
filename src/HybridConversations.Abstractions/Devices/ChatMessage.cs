namespace HybridConversations;

/// <summary>A message of a prompt.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">Plain text; never read as control tokens.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>What the model is told about its task.</summary>
    public const string System = "system";

    /// <summary>A person.</summary>
    public const string User = "user";

    /// <summary>The model.</summary>
    public const string Assistant = "assistant";

    /// <summary>The result of a call.</summary>
    public const string Tool = "tool";

    /// <summary>Calls that the assistant asked for in this message.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a result: the call that it answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Of a result: the function that was called.</summary>
    public string? Name { get; init; }

    /// <summary>What the assistant thought before it said <see cref="Content"/>; templates show it where the model wants it.</summary>
    public string? Reasoning { get; init; }
}
