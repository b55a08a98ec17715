using HybridConversations.Fleet;
using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Of whom a silo hears in return for its report. A small fleet is told whole. In a large one, to place a turn well it is enough to know the devices that would be
/// done soonest and a few others by chance ("the power of two choices": a handful of random ones already places nearly as well as all); beside these each hears of
/// those it asked for, and of those that reach a cloud endpoint. So what travels grows with the fleet and not with its square. Thread-safe.
/// </summary>
internal sealed class FleetSample(TimeProvider time)
{
    private const int Endpoints = 16;

    // What is drawn from is as old as this at most: to sort the fleet for each of its reports would be work that grows with its square.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMilliseconds(100);
    private Drawn? _drawn;

    public FleetSnapshot For(SiloReport asker, Func<IReadOnlyList<SiloReport>> everyone)
    {
        var drawn = _drawn;
        if (drawn is null || time.GetElapsedTime(drawn.At) > KeptFor)
        {
            _drawn = drawn = new Drawn(everyone(), time.GetTimestamp());
        }

        if (drawn.All.Count <= SampleSize.Whole)
        {
            return new FleetSnapshot(everyone());
        }

        var told = new Dictionary<string, SiloReport>(StringComparer.Ordinal);
        foreach (var report in drawn.Soonest.Concat(drawn.Endpoints))
        {
            told[report.Name] = report;
        }

        for (var i = 0; i < SampleSize.ByChance; i++)
        {
            var report = drawn.All[Random.Shared.Next(drawn.All.Count)];
            told[report.Name] = report;
        }

        foreach (var name in asker.Wanted.Take(SampleSize.MaxWanted))
        {
            if (drawn.ByName.TryGetValue(name, out var report))
            {
                told[name] = report;
            }
        }

        return new FleetSnapshot([.. told.Values]);
    }

    private sealed class Drawn(IReadOnlyList<SiloReport> all, long at)
    {
        public IReadOnlyList<SiloReport> All { get; } = all;
        public long At { get; } = at;
        public Dictionary<string, SiloReport> ByName { get; } = all.ToDictionary(report => report.Name, StringComparer.Ordinal);

        public IReadOnlyList<SiloReport> Soonest { get; } =
        [
            .. all.Where(report => report.Device is { State: DeviceState.Ready }).OrderBy(report => CompletionTime.Predict(report.Device!, 0)).Take(SampleSize.Soonest),
        ];

        public IReadOnlyList<SiloReport> Endpoints { get; } = [.. all.Where(report => report.Endpoints.Count > 0).Take(FleetSample.Endpoints)];
    }
}
