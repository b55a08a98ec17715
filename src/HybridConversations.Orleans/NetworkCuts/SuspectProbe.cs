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
    : SiloLoop(options.ReportPeriod, time)
{
    private readonly ConcurrentDictionary<string, Task> _probes = new(StringComparer.Ordinal);

    /// <summary>Begins to probe every suspect that is not being probed.</summary>
    protected override Task Look(CancellationToken stop)
    {
        foreach (var suspect in fleet.Suspects)
        {
            if (!_probes.TryGetValue(suspect.Id, out var probe) || probe.IsCompleted)
            {
                _probes[suspect.Id] = Probe(suspect);
            }
        }

        return Task.CompletedTask;
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
