using HybridConversations.Fleet;

namespace HybridConversations.Orleans.Fleet;

/// <summary>Placement with what this silo knows: the reports it heard, and what it has sent since. Thread-safe.</summary>
internal sealed class FleetPlacement(FleetOptions options, TimeProvider time)
{
    private readonly PlacementOptions _options = new(options.SaturatedAfter);
    private readonly SentTurns _sent = new(time);

    /// <summary>Chooses the device of a turn, and counts it as sent there. Null when there is none.</summary>
    /// <param name="devices">Those that take turns.</param>
    /// <param name="request">The turn; its indexes are of <paramref name="devices"/>.</param>
    public (FleetDevice Device, PlacementChoice Choice)? Choose(IReadOnlyList<FleetDevice> devices, PlacementRequest request)
    {
        if (DevicePlacement.Choose(request, Candidates(devices, request.Here), _options, Random.Shared) is not { } choice)
        {
            return null;
        }

        var chosen = devices[choice.Index];
        if (choice.Index != request.Here)
        {
            _sent.Add(chosen.Id, choice.Index == request.Holder ? 0 : request.PromptTokens);
        }

        return (chosen, choice);
    }

    /// <summary>Where a conversation should live that nobody holds KV of; null when there is no device.</summary>
    public FleetDevice? ForNew(IReadOnlyList<FleetDevice> devices) => Choose(devices, new PlacementRequest())?.Device;

    /// <summary>
    /// Only who was heard of lately, where these are some: in a large fleet a silo remembers for a while those that it drew earlier. The asker's own device is known as it is now.
    /// </summary>
    public IReadOnlyList<FleetDevice> Fresh(IReadOnlyList<FleetDevice> devices)
    {
        if (devices.Count <= SampleSize.Whole)
        {
            return devices;
        }

        var fresh = devices.Where(device => time.GetElapsedTime(device.MadeAt) <= 3 * options.ReportPeriod).ToList();
        return fresh.Count >= SampleSize.ByChance ? fresh : devices;
    }

    private PlacementCandidate[] Candidates(IReadOnlyList<FleetDevice> devices, int here)
    {
        var candidates = new PlacementCandidate[devices.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new PlacementCandidate(devices[i].Status, i == here ? default : _sent.Since(devices[i].Id, devices[i].MadeAt));
        }

        return candidates;
    }
}
