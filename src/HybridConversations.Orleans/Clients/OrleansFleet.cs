using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.Clients;

/// <summary>The fleet as its silos report it, for apps and dashboards that only look. Thread-safe.</summary>
/// <param name="grains">The way into the cluster.</param>
public sealed class OrleansFleet(IGrainFactory grains) : IFleet, IDeviceTruce
{
    /// <inheritdoc/>
    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default) =>
        await ClusterCall.Run(() => grains.GetGrain<IFleetGrain>(IFleetGrain.Key).View(cancellationToken).AsTask(), cancellationToken);

    /// <summary>Has a device take no new turns and end its running ones; with <paramref name="leave"/> its process then ends.</summary>
    /// <returns>Turns that still ran when the time for draining was over.</returns>
    /// <exception cref="ProblemException"><c>not-found</c>: there is no such device; <c>device-lost</c>: it does not answer.</exception>
    public async Task<int> Drain(string deviceId, bool leave, CancellationToken cancellationToken = default)
    {
        await Check(deviceId, cancellationToken);
        return await ClusterCall.Run(() => grains.GetGrain<IDeviceGrain>(deviceId).Drain(leave, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task Yield(string deviceId, TimeSpan time, CancellationToken cancellationToken = default)
    {
        await Check(deviceId, cancellationToken);
        await ClusterCall.Run(
            async () =>
            {
                await grains.GetGrain<IDeviceGrain>(deviceId).Yield((int)time.TotalMilliseconds);
                return true;
            },
            cancellationToken);
    }

    private async Task Check(string deviceId, CancellationToken cancellationToken)
    {
        var view = await View(cancellationToken);
        if (view.Devices.All(device => device.DeviceId != deviceId))
        {
            throw new ProblemException(ProblemCodes.Missing(
                $"There is no device '{deviceId}' in the fleet. It has: {string.Join(", ", view.Devices.Select(device => device.DeviceId))}."));
        }
    }
}
