using System.Collections.Concurrent;
using HybridConversations.Fleet;
using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// What this silo knows of all others: the latest reports, each with the time at which it was new here. A silo that membership knows to be dead, or that has
/// been silent for too long, is not there. Thread-safe; reads take no lock and wait for nobody.
/// </summary>
internal sealed class FleetDirectory(FleetOptions options, SiloPresence presence, FleetEndpoints endpoints, IClusterMembershipService membership, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _silos = new(StringComparer.Ordinal);

    // Silos that read streams of this one. Never disposed: they have no timers, and whoever holds a token may still look at it.
    private readonly ConcurrentDictionary<SiloAddress, CancellationTokenSource> _readers = new();

    private readonly FleetSample _sample = new(time);

    // Devices that this silo was asked about, and when it was last.
    private readonly ConcurrentDictionary<string, long> _asked = new(StringComparer.Ordinal);

    /// <summary>Devices that take turns, by id.</summary>
    public IEnumerable<FleetDevice> Devices =>
        All.Where(device => device.Status.State == DeviceState.Ready);

    /// <summary>Devices that are there, also those that take no turns.</summary>
    public IEnumerable<FleetDevice> All =>
        _silos.Values.Where(entry => entry.Report.Device is not null && !entry.Suspect && IsThere(entry))
            .Select(entry => entry.Seen).OrderBy(device => device.Id, StringComparer.Ordinal);

    /// <summary>The latest reports of everyone who is there.</summary>
    public FleetSnapshot Snapshot =>
        new([.. _silos.Values.Where(IsThere).Select(entry => entry.Report with { AgeMs = time.GetElapsedTime(entry.MadeAt).TotalMilliseconds })]);

    /// <summary>What a silo hears in return for its report.</summary>
    public FleetSnapshot SampleFor(SiloReport report) => _sample.For(report, () => Snapshot.Silos);

    /// <summary>Whom this silo wants to hear of: those that it was asked about lately, the latest first.</summary>
    public IReadOnlyList<string> Wanted()
    {
        foreach (var asked in _asked)
        {
            if (time.GetElapsedTime(asked.Value) > 2 * options.LostAfter)
            {
                _asked.TryRemove(asked);
            }
        }

        return [.. _asked.OrderByDescending(asked => asked.Value).Take(SampleSize.MaxWanted).Select(asked => asked.Key)];
    }

    public FleetDevice? Find(string deviceId)
    {
        _asked[deviceId] = time.GetTimestamp();
        return Known(deviceId);
    }

    /// <summary>Where a device is: as it reported, or, where this silo has not heard of it, as membership says.</summary>
    public SiloAddress? SiloOf(string deviceId) => Find(deviceId)?.Silo ?? (_silos.ContainsKey(deviceId) ? null : Member(deviceId)?.SiloAddress);

    /// <summary>The silo of this name that is there; null when there is none.</summary>
    public ClusterMember? Member(string name) => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Name == name && member.Status == SiloStatus.Active).MaxBy(member => member.SiloAddress.Generation);

    /// <summary>True when the silo has said that it leaves.</summary>
    public bool IsLeaving(SiloAddress silo) => _silos.Values.Any(entry => entry.Report.Draining && entry.Report.Silo.Equals(silo));

    /// <summary>True when nothing was ever heard of it, or it is not in this silo's sample any more.</summary>
    public bool IsUnheard(string deviceId) => !_silos.TryGetValue(deviceId, out var entry) || (!entry.Suspect && time.GetElapsedTime(entry.HeardAt) > options.LostAfter);

    /// <summary>True when the device is no longer where it was.</summary>
    public bool IsLost(FleetDevice device)
    {
        _asked[device.Id] = time.GetTimestamp();
        return !_silos.TryGetValue(device.Id, out var entry) || !entry.Report.Silo.Equals(device.Silo) || !IsThere(entry);
    }

    /// <summary>Cancelled when membership has declared the silo dead; looked at with every report.</summary>
    public CancellationToken Gone(SiloAddress? silo) => silo is null ? CancellationToken.None : _readers.GetOrAdd(silo, _ => new CancellationTokenSource()).Token;

    /// <summary>Devices that others hear of and that a call of this silo did not reach.</summary>
    public IEnumerable<FleetDevice> Suspects =>
        _silos.Values.Where(entry => entry is { Suspect: true, Report.Device: not null } && IsThere(entry)).Select(entry => entry.Seen);

    /// <summary>A suspect answered.</summary>
    public void Trust(FleetDevice device)
    {
        while (_silos.TryGetValue(device.Id, out var entry) && entry.Suspect && entry.Report.Silo.Equals(device.Silo))
        {
            _silos.TryUpdate(device.Id, entry with { Suspect = false }, entry);
        }
    }

    /// <summary>A call to this device failed: it gets nothing more from here until it answers a probe (<c>SuspectProbe</c>), whatever it tells the fleet.</summary>
    public void Suspect(FleetDevice device)
    {
        while (_silos.TryGetValue(device.Id, out var entry) && !entry.Suspect && entry.Report.Silo.Equals(device.Silo))
        {
            _silos.TryUpdate(device.Id, entry with { Suspect = true }, entry);
        }
    }

    public void Learn(FleetSnapshot snapshot)
    {
        foreach (var report in snapshot.Silos)
        {
            Learn(report);
        }

        foreach (var (name, entry) in _silos)
        {
            if (!IsThere(entry))
            {
                _silos.TryRemove(KeyValuePair.Create(name, entry));
            }
        }
    }

    /// <summary>Ends what dead silos were reading.</summary>
    public void ReleaseReaders()
    {
        foreach (var (silo, reader) in _readers)
        {
            if (membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Dead && _readers.TryRemove(silo, out _))
            {
                reader.Cancel();
            }
        }
    }

    /// <summary>What a device has said when it was asked; its next report is news again.</summary>
    public void LearnAsked(SiloAddress silo, DeviceStatus device) => _silos.AddOrUpdate(
        device.DeviceId,
        name => new Entry(new SiloReport { Silo = silo, Name = name, Number = 0, Device = device }, time.GetTimestamp(), time.GetTimestamp(), false),
        (name, known) => new Entry(
            known.Report.Silo.Equals(silo) ? known.Report with { Device = device } : new SiloReport { Silo = silo, Name = name, Number = 0, Device = device },
            time.GetTimestamp(), time.GetTimestamp(), known.Suspect && known.Report.Silo.Equals(silo)));

    public void Learn(SiloReport report)
    {
        var now = time.GetTimestamp();
        var news = new Entry(report, now, now - (long)(report.AgeMs / 1000 * time.TimestampFrequency), false);
        var known = _silos.AddOrUpdate(report.Name, news, (_, before) =>
            IsNewer(report, before.Report) ? news with { Suspect = before.Suspect && report.Silo.Equals(before.Report.Silo) } : before);
        endpoints.Learn(known.Report, known.HeardAt);
    }

    private FleetDevice? Known(string deviceId) =>
        _silos.TryGetValue(deviceId, out var entry) && entry is { Report.Device: not null, Suspect: false } && IsThere(entry) ? entry.Seen : null;

    /// <summary>A silo that came back under its name counts from one again.</summary>
    private static bool IsNewer(SiloReport report, SiloReport known) =>
        report.Silo.Equals(known.Silo) ? report.Number > known.Number : report.Silo.Generation > known.Silo.Generation;

    private bool IsThere(Entry entry) => presence.IsThere(entry.Report.Silo, entry.HeardAt);

    /// <param name="Report">What it said.</param>
    /// <param name="HeardAt">Timestamp at which that was new here.</param>
    /// <param name="MadeAt">Timestamp at which it was said.</param>
    /// <param name="Suspect">A call to it failed since.</param>
    private sealed record Entry(SiloReport Report, long HeardAt, long MadeAt, bool Suspect)
    {
        /// <summary>Its device; ask only where it has one.</summary>
        public FleetDevice Seen => new(Report.Silo, Report.Device!) { MadeAt = MadeAt };
    }
}
