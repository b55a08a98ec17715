using System.Collections.Concurrent;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.NetworkCuts;

/// <summary>
/// Asks devices that a call did not reach whether they are there again, once a report period. The fleet may hear of them all the while: what is broken may be the way
/// from this silo.
/// </summary>
internal sealed partial class SuspectProbe(FleetOptions options, FleetDirectory fleet, IGrainFactory grains, TimeProvider time, ILogger<SuspectProbe> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly ConcurrentDictionary<string, Task> _probes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _looking = Task.CompletedTask;
    private int _disposed;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SuspectProbe), ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose()
    {
        // The container disposes it once for each service that it is registered as.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    private Task Start(CancellationToken cancellationToken)
    {
        _looking = Task.Run(Look, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _looking;
    }

    private async Task Look()
    {
        while (!_stop.IsCancellationRequested)
        {
            Begin();
            await Task.Delay(options.ReportPeriod, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Begins to probe every suspect that is not being probed.</summary>
    private void Begin()
    {
        foreach (var suspect in fleet.Suspects)
        {
            if (!_probes.TryGetValue(suspect.Id, out var probe) || probe.IsCompleted)
            {
                _probes[suspect.Id] = Probe(suspect);
            }
        }
    }

    private async Task Probe(FleetDevice suspect)
    {
        try
        {
            await grains.GetGrain<IDeviceGrain>(suspect.Id).Status();
            fleet.Trust(suspect);
            LogBack(suspect.Id);
        }
        catch (Exception error)
        {
            LogStillLost(error, suspect.Id); // the next look tries again
        }
    }

    [LoggerMessage(360, LogLevel.Information, "Device {Device} can be reached again")]
    private partial void LogBack(string device);

    [LoggerMessage(361, LogLevel.Debug, "Device {Device} still cannot be reached")]
    private partial void LogStillLost(Exception error, string device);
}
