using HybridConversations.Escalations.Bridging;

namespace HybridConversations.Orleans.Contracts;

/// <summary>What a silo says of a cloud endpoint that it can reach.</summary>
[GenerateSerializer]
[Immutable]
[Alias("hc.endpoint-report")]
public sealed record EndpointReport
{
    /// <summary>The endpoint.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>How it is doing; null from silos that do not ask it at the moment.</summary>
    [Id(1)]
    public EscalationOutlook? Outlook { get; init; }

    /// <summary>The outlook is of a stand-in, which asks while another silo leaves.</summary>
    [Id(2)]
    public bool StandIn { get; init; }

    /// <summary>What voices say while it thinks; null for nothing.</summary>
    [Id(3)]
    public BridgeOptions? Bridge { get; init; }
}
