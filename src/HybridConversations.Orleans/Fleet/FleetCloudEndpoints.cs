using System.Collections.Concurrent;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// The cloud endpoints of the whole fleet, as the silos that can reach them last reported: what the router looks at. Knows the few silos that have one, not
/// all. Thread-safe; reads take no lock and wait for nobody.
/// </summary>
internal sealed class FleetCloudEndpoints(SiloPresence presence)
{
    private readonly ConcurrentDictionary<string, Entry> _silos = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<BridgeOptions, Bridge> _bridges = new();

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<FleetCloudEndpoint> All => [.. _silos.Values.Where(IsThere).SelectMany(Reports)
        .GroupBy(report => report.Endpoint.Name, (name, reports) => Merge(name, [.. reports]), StringComparer.Ordinal).OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)];

    /// <summary>A silo that can be asked to ask it, other than this one.</summary>
    public bool ReachedByOther(SiloAddress here, string endpoint) => _silos.Values.Any(entry => !entry.Report.Silo.Equals(here) && IsThere(entry) && Offers(entry.Report, endpoint));

    /// <summary>Can this silo be asked to ask it?</summary>
    public bool Reaches(SiloAddress silo, string endpoint) => _silos.Values.Any(entry => entry.Report.Silo.Equals(silo) && Offers(entry.Report, endpoint));

    /// <summary>A silo said something new.</summary>
    public void Learn(SiloReport report, long heardAt)
    {
        if (report.Endpoints.Count > 0 || report.Escalations.Count > 0 || _silos.ContainsKey(report.Name))
        {
            _silos[report.Name] = new Entry(report, heardAt);
        }
    }

    private static IEnumerable<(SiloReport Silo, EndpointReport Endpoint)> Reports(Entry entry) => entry.Report.Escalations.Count > 0
        ? entry.Report.Escalations.Select(report => (entry.Report, report))
        : entry.Report.Endpoints.Select(name => (entry.Report, new EndpointReport { Name = name }));

    private static bool Offers(SiloReport report, string endpoint) => !report.Draining && report.Endpoints.Contains(endpoint);

    /// <summary>How it is doing says the silo that asks it; a stand-in only where no one else does.</summary>
    private FleetCloudEndpoint Merge(string name, IReadOnlyList<(SiloReport Silo, EndpointReport Endpoint)> reports)
    {
        var asks = reports.Where(report => report.Endpoint.Outlook is not null).OrderBy(report => report.Silo.Draining).ThenBy(report => report.Endpoint.StandIn).Select(report => report.Endpoint).FirstOrDefault();
        var bridge = asks?.Bridge ?? reports.Select(report => report.Endpoint.Bridge).FirstOrDefault(options => options is not null);
        return new FleetCloudEndpoint(name, reports.Any(report => !report.Silo.Draining), asks?.Outlook, bridge is null ? null : _bridges.GetOrAdd(bridge, options => new Bridge(options)));
    }

    private bool IsThere(Entry entry) => presence.IsThere(entry.Report.Silo, entry.HeardAt);

    private sealed record Entry(SiloReport Report, long HeardAt);
}
