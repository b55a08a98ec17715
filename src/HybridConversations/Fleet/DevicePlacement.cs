using System.Runtime.InteropServices;

namespace HybridConversations.Fleet;

/// <summary>
/// Chooses the device of a turn: the one that holds the conversation's KV state unless it is saturated, else the one that would be done soonest. Pure but for the random
/// numbers it is handed.
/// </summary>
internal static class DevicePlacement
{
    /// <param name="holder">Index of the device that holds the KV state; −1 for none.</param>
    /// <param name="devices">Devices that take turns, as last heard of.</param>
    /// <param name="promptTokens">Tokens to read where there is no KV state.</param>
    /// <param name="options">When a device is saturated, and how many are looked at.</param>
    /// <param name="random">Between equals, and whom to look at.</param>
    /// <returns>Null when there is no device.</returns>
    public static PlacementChoice? Choose(int holder, IReadOnlyList<DeviceStatus> devices, int promptTokens, PlacementOptions options, Random random)
    {
        if (holder >= 0 && !IsSaturated(devices[holder], options))
        {
            return new PlacementChoice(holder, PlacementCause.HoldsKv, 0);
        }

        var soonest = Soonest(holder, devices, promptTokens, options, random);
        return soonest < 0 ? null : new PlacementChoice(
            soonest, holder < 0 ? PlacementCause.NoHolder : soonest == holder ? PlacementCause.NobodySooner : PlacementCause.HolderSaturated,
            CompletionTime.Predict(devices[soonest], soonest == holder ? 0 : promptTokens));
    }

    /// <summary>The device with the least predicted completion time; −1 when there is none. Ties go to the one that holds fewest conversations.</summary>
    public static int Soonest(int holder, IReadOnlyList<DeviceStatus> devices, int promptTokens, PlacementOptions options, Random random)
    {
        var best = -1;
        var bestRank = (Ms: double.MaxValue, Sequences: int.MaxValue, Tie: 0);
        if (holder >= 0)
        {
            Look(holder);
        }

        if (devices.Count <= Math.Max(options.LookAt, PlacementOptions.SmallFleet))
        {
            for (var i = 0; i < devices.Count; i++)
            {
                Look(i);
            }
        }
        else
        {
            // Reports are up to a period old, and each device's own cost model errs a little: if everybody went to the one that looks soonest, they would meet there.
            // The better of two drawn at random is not everybody's (Mitzenmacher, The Power of Two Choices, 2001); docs/capacity.md has what that is worth.
            for (var i = 0; i < options.LookAt; i++)
            {
                Look(random.Next(devices.Count));
            }
        }

        return best;

        void Look(int i)
        {
            var rank = (Math.Round(CompletionTime.Predict(devices[i], i == holder ? 0 : promptTokens)), devices[i].Load.Sequences, random.Next());
            if (rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank) = (i, rank);
            }
        }
    }

    private static bool IsSaturated(DeviceStatus device, PlacementOptions options) =>
        device.Load.Waiting >= device.Load.QueueLimit || (device.Load.Waiting > 0 && CompletionTime.WaitMs(device) > options.SaturatedAfter.TotalMilliseconds);
}

/// <param name="SaturatedAfter">A device on which a turn would wait longer than this is saturated.</param>
/// <param name="LookAt">Devices that are drawn and compared in a fleet that is not small.</param>
internal sealed record PlacementOptions(TimeSpan SaturatedAfter, int LookAt = PlacementOptions.DefaultLookAt)
{
    public const int DefaultLookAt = 2;

    /// <summary>Up to so many devices all are compared: few callers, and a busy one must not be drawn by chance.</summary>
    public const int SmallFleet = 4;
}

/// <param name="Index">Of the device.</param>
/// <param name="Cause">Why this one.</param>
/// <param name="ExpectedMs">Until the turn would be answered; 0 where that was not asked.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlacementChoice(int Index, PlacementCause Cause, double ExpectedMs);

internal enum PlacementCause
{
    HoldsKv,
    HolderSaturated,
    NobodySooner,
    NoHolder,
}
