namespace HybridConversations.Client.Wire;

/// <summary>Body of <c>POST /conversations/{id}/interrupt</c>; may be left out.</summary>
/// <param name="Heard">What the listener heard of the reply so far; null keeps what was delivered.</param>
public sealed record InterruptBody(string? Heard = null);
