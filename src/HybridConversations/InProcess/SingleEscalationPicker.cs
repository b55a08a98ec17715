using HybridConversations.Conversations;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Bridging;

namespace HybridConversations.InProcess;

/// <summary>The picker of one machine: there is one endpoint.</summary>
/// <param name="escalation">The endpoint.</param>
/// <param name="bridge">What a voice says while it thinks; null for nothing.</param>
public sealed class SingleEscalationPicker(ILocalEscalation escalation, Bridge? bridge = null) : IEscalationPicker
{
    /// <inheritdoc/>
    public EscalationChoice Pick(string tenant) => new(escalation, escalation.Outlook.For(tenant), bridge);
}
