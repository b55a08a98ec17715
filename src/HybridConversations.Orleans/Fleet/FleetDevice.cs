namespace HybridConversations.Orleans.Fleet;

/// <summary>A device as this silo last heard of it.</summary>
internal sealed record FleetDevice(SiloAddress Silo, DeviceStatus Status)
{
    public string Id => Status.DeviceId;

    /// <summary>Timestamp of this silo's clock at which it said so.</summary>
    public long MadeAt { get; init; }
}
