namespace HybridConversations;

/// <summary>What a call brought. In a turn its caller's answer to a call of an earlier turn; on record the same, with the turn that brought it.</summary>
/// <param name="CallId">The call that it answers, as <see cref="ToolCall.CallId"/> named it.</param>
/// <param name="Content">What the model reads; plain text or JSON text, never read as control tokens.</param>
public sealed record ToolResult(string CallId, string Content)
{
    /// <summary>
    /// The call itself. Set on record where the result came later than with the turn right behind the call, and the model is shown the call again; callers leave it out.
    /// </summary>
    public ToolCall? Call { get; init; }
}
