using HybridConversations.Escalations;

namespace HybridConversations.InProcess;

/// <summary>The fleet of one machine: its device, and the cloud endpoint if there is one.</summary>
/// <param name="device">The device.</param>
/// <param name="escalation">The cloud; null for none.</param>
public sealed class InProcessFleet(IDevice device, ILocalEscalation? escalation = null) : IFleet
{
    /// <inheritdoc/>
    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default)
    {
        var status = await device.Status(cancellationToken);
        return new FleetView([status], escalation is null ? [] : [escalation.Outlook.For("")]);
    }
}
