namespace HybridConversations.Client.Wire;

/// <summary>Body of <c>POST /conversations/{id}/interrupt</c>; may be left out.</summary>
/// <param name="Heard">What the listener heard of the reply so far; null keeps what was delivered.</param>
/// <param name="TurnId">The turn that is meant; null for the one that runs when it arrives.</param>
public sealed record InterruptBody(string? Heard = null, string? TurnId = null);
