namespace HybridConversations.Client.Wire;

/// <summary>Body of <c>POST /conversations/{id}/listen</c>.</summary>
/// <param name="Text">All that has been recognised so far; empty takes it back.</param>
/// <param name="Speculate">Begin the reply too.</param>
/// <param name="System">System prompt, for a conversation without a turn yet.</param>
public sealed record ListenBody(string Text, bool? Speculate = null, string? System = null);
