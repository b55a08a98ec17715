namespace HybridConversations.Client.Wire;

/// <summary>Body of <c>POST /conversations/{id}/turns/{turnId}/feedback</c>.</summary>
/// <param name="Feedback">What the person thought; null takes it back.</param>
public sealed record FeedbackBody(TurnFeedback? Feedback = null);
