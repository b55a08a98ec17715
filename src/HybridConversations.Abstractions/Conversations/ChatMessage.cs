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

    /// <summary>
    /// Where the turn begins that a message belongs to: a turn is a person's words with all that follows until the next ones, so that a call stays with its result.
    /// </summary>
    /// <param name="messages">Oldest first.</param>
    /// <param name="at">Index of the message.</param>
    /// <param name="first">The first message behind the system's: nothing begins before it.</param>
    /// <returns>Index of the turn's first message.</returns>
    public static int TurnStart(IReadOnlyList<ChatMessage> messages, int at, int first)
    {
        while (at > first && messages[at].Role != User)
        {
            at--;
        }

        return Math.Max(at, first);
    }
}
