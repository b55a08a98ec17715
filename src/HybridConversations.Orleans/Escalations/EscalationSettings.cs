using HybridConversations.Escalations;
using HybridConversations.Escalations.Bridging;

namespace HybridConversations.Orleans.Escalations;

/// <summary>A cloud endpoint that a silo can reach.</summary>
/// <param name="Make">Makes its escalation when it is first needed.</param>
/// <param name="Bridge">What voices say while it thinks, whichever silo their conversation is on; null for nothing.</param>
public sealed record EscalationSettings(Func<IServiceProvider, ILocalEscalation> Make, BridgeOptions? Bridge = null);
