using HybridConversations.Conversations;

namespace HybridConversations.Orleans.Fleet;

/// <summary>The way to this silo's own device: none, it is called as it is.</summary>
internal sealed class OwnDeviceLink(SiloDevice device, string reason) : IChosenDevice
{
    public string Reason => reason;

    public IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, CancellationToken cancellationToken = default) => device.Generate(request, cancellationToken);

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => device.Listen(draft, speculate, cancellationToken);

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => device.Forget(conversationId, cancellationToken);

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => device.Status(cancellationToken);
}
