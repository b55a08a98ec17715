namespace HybridConversations.Client.Wire;

/// <summary>The result of a call in the body of a turn.</summary>
/// <param name="CallId">The call that it answers.</param>
/// <param name="Content">What the model reads.</param>
public sealed record ToolResultBody(string CallId, string Content);
