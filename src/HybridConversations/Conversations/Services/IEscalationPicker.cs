using HybridConversations.Escalations.Bridging;

namespace HybridConversations.Conversations;

/// <summary>
/// Chooses the cloud endpoint that a turn would be answered by: the only one there is, or one of a fleet's. Looks at what is known and asks nobody, so that
/// no turn waits for it. Thread-safe.
/// </summary>
public interface IEscalationPicker
{
    /// <summary>The endpoint for a tenant's turn, whether or not it can be asked right now; null when there is none.</summary>
    EscalationChoice? Pick(string tenant);
}

/// <summary>The endpoint that a turn would be answered by.</summary>
/// <param name="Escalation">The way to it.</param>
/// <param name="Status">How it is doing, as far as is known.</param>
/// <param name="Bridge">What a voice says while it thinks; null for nothing.</param>
public sealed record EscalationChoice(IEscalation Escalation, EscalationStatus Status, Bridge? Bridge = null);
