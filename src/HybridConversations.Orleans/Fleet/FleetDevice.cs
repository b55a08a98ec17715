
namespace HybridConversations.Orleans.Fleet;

/// <summary>A device as this silo last heard of it.</summary>
internal sealed record FleetDevice(SiloAddress Silo, DeviceStatus Status)
{
    public string Id => Status.DeviceId;
}
