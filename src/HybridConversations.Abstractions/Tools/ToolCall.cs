namespace HybridConversations;

/// <summary>A call that the model asked for.</summary>
/// <param name="CallId">Names it; its result comes back under this id.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">JSON text of an object.</param>
public sealed record ToolCall(string CallId, string Name, string Arguments);
