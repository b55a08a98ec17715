using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Placement;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Orleans.Placement;

namespace HybridConversations.Orleans.Grains;

/// <summary>The device of the silo it lives on, for everyone else.</summary>
[GrainType("device")]
[KeepAlive]
[Immovable]
[Reentrant]
[OwnSilo]
internal sealed class DeviceGrain(FleetOptions options, FleetDirectory fleet, SiloDrain drain, SiloDevice? device = null, IHostApplicationLifetime? lifetime = null) : Grain, IDeviceGrain
{
    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, fleet.Gone(CallerSilo.Current));

        // An iterator, not the device's own stream: only an iterator is told when its caller leaves.
        await foreach (var e in Device().Generate(request, left.Token))
        {
            yield return e;
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => Device().Listen(draft, speculate, cancellationToken);

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => Device().Forget(conversationId, cancellationToken);

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => Device().Status(cancellationToken);

    public async Task<int> Drain(bool leave, CancellationToken cancellationToken = default)
    {
        if (!leave)
        {
            return await Device().Drain(options.DrainTimeout, cancellationToken);
        }

        _ = Device();
        var left = await drain.Run(options.DrainTimeout, cancellationToken);
        lifetime?.StopApplication();
        return left;
    }

    public Task Yield(int milliseconds)
    {
        Device().Yield(TimeSpan.FromMilliseconds(milliseconds));
        return Task.CompletedTask;
    }

    private SiloDevice Device() => device ?? throw new ProblemException(ProblemCodes.Missing($"Silo '{this.GetPrimaryKeyString()}' is a gateway and has no device."));
}
