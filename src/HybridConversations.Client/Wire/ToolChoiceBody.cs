namespace HybridConversations.Client.Wire;

/// <summary>Whether a turn is answered with a call, and which functions may be called. A server also takes the mode alone, as a word.</summary>
/// <param name="Mode">Whether.</param>
/// <param name="Allowed">Names of the functions that may be called; null for all.</param>
public sealed record ToolChoiceBody(ToolChoiceMode Mode, IReadOnlyList<string>? Allowed = null);
