using HybridConversations.Escalations.Bridging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>A cloud endpoint as the fleet knows it.</summary>
/// <param name="Name">Its name in the settings of the silos that have it.</param>
/// <param name="Reachable">False when each of these silos leaves.</param>
/// <param name="Outlook">How it is doing; null while no silo asks it: nothing speaks against it then.</param>
/// <param name="Bridge">What a voice says while it thinks; null for nothing.</param>
internal sealed record FleetCloudEndpoint(string Name, bool Reachable, EscalationOutlook? Outlook, Bridge? Bridge)
{
    /// <summary>Can a tenant ask it, as far as is known?</summary>
    public EscalationStatus For(string tenant)
    {
        var outlook = Outlook ?? new EscalationOutlook { Endpoint = Name };
        return (Reachable ? outlook : outlook with { Unavailable = "The process that asks it is leaving the fleet." }).For(tenant);
    }
}
