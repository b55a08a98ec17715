namespace HybridConversations.Fleet;

/// <summary>
/// Chooses the device of a turn: the one that holds the conversation's KV state unless it is saturated, else one that would be done soon. Pure but for the random numbers it is
/// handed; what a silo has sent is in the candidates.
/// </summary>
internal static class DevicePlacement
{
    private const int Draws = 8;

    /// <param name="request">The turn.</param>
    /// <param name="devices">Devices that take turns.</param>
    /// <param name="options">When a device is saturated, and how many are looked at.</param>
    /// <param name="random">Between equals, and whom to look at.</param>
    /// <returns>Null when there is no device.</returns>
    public static PlacementChoice? Choose(PlacementRequest request, IReadOnlyList<PlacementCandidate> devices, PlacementOptions options, Random random)
    {
        var holder = request.Holder;
        if (holder >= 0 && !IsSaturated(devices[holder], options))
        {
            return new PlacementChoice(holder, PlacementCause.HoldsKv, 0);
        }

        var soonest = Soonest(request, devices, options, random);
        return soonest < 0 ? null : new PlacementChoice(
            soonest, holder < 0 ? PlacementCause.NoHolder : soonest == holder ? PlacementCause.NobodySooner : PlacementCause.HolderSaturated,
            ExpectedMs(request, devices[soonest], soonest));
    }

    /// <summary>
    /// Among those that can do the turn, the holder and the asker's own, and two drawn at random, the one with the least predicted completion time; −1 when there is none.
    /// Ties go to the one that holds fewest conversations. Reports are up to a period old, and each device's own cost model errs a little: if everybody went to the one that looks
    /// soonest, they would meet there. The better of two drawn at random is not everybody's (Mitzenmacher, The Power of Two Choices, 2001).
    /// </summary>
    public static int Soonest(PlacementRequest request, IReadOnlyList<PlacementCandidate> devices, PlacementOptions options, Random random)
    {
        foreach (var demand in (ReadOnlySpan<Demand>)[Demand.SameModel, Demand.Room, Demand.None])
        {
            if (Soonest(demand, request, devices, options, random) is >= 0 and var found)
            {
                return found;
            }
        }

        return -1;
    }

    private static int Soonest(Demand demand, PlacementRequest request, IReadOnlyList<PlacementCandidate> devices, PlacementOptions options, Random random)
    {
        var best = -1;
        var bestRank = (Ms: double.MaxValue, Sequences: int.MaxValue, Tie: 0);
        if (devices.Count <= Math.Max(options.LookAt, PlacementOptions.SmallFleet))
        {
            for (var i = 0; i < devices.Count; i++)
            {
                Look(i);
            }

            return best;
        }

        Look(request.Holder);
        Look(request.Here);
        for (var i = 0; i < options.LookAt; i++)
        {
            Look(Draw(demand, request, devices, random));
        }

        return best;

        void Look(int i)
        {
            if (i < 0 || i == best || !Meets(demand, request, devices[i].Status))
            {
                return;
            }

            var device = devices[i];
            var elsewhere = request.Here >= 0 && i != request.Here ? PlacementOptions.ElsewhereMs : 0;
            var rank = (Math.Round(ExpectedMs(request, device, i) + elsewhere), device.Status.Load.Sequences + device.Sent.Turns, random.Next());
            if (rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank) = (i, rank);
            }
        }
    }

    /// <summary>One that meets the demand, each as likely as the others where most do; −1 when none does.</summary>
    private static int Draw(Demand demand, PlacementRequest request, IReadOnlyList<PlacementCandidate> devices, Random random)
    {
        for (var i = 0; i < Draws; i++)
        {
            var drawn = random.Next(devices.Count);
            if (Meets(demand, request, devices[drawn].Status))
            {
                return drawn;
            }
        }

        var able = new List<int>();
        for (var i = 0; i < devices.Count; i++)
        {
            if (Meets(demand, request, devices[i].Status))
            {
                able.Add(i);
            }
        }

        return able.Count == 0 ? -1 : able[random.Next(able.Count)];
    }

    private static bool Meets(Demand demand, PlacementRequest request, DeviceStatus device) => demand switch
    {
        Demand.SameModel => (request.ModelHash is null || device.Model.Hash == request.ModelHash) && HasRoom(device, request.PromptTokens),
        Demand.Room => HasRoom(device, request.PromptTokens),
        _ => true,
    };

    /// <summary>Could it hold the conversation without cutting it?</summary>
    private static bool HasRoom(DeviceStatus device, int promptTokens) =>
        promptTokens + CompletionTime.ReplyTokens <= Math.Min(device.Load.KvCells, device.Model.TrainedContext);

    private static double ExpectedMs(PlacementRequest request, PlacementCandidate device, int index) =>
        CompletionTime.Predict(device.Status, index == request.Holder ? 0 : request.PromptTokens, device.Sent);

    private static bool IsSaturated(PlacementCandidate device, PlacementOptions options)
    {
        var load = device.Status.Load;
        return load.Waiting >= load.QueueLimit || (load.Waiting > 0 && CompletionTime.WaitMs(device.Status, device.Sent) > options.SaturatedAfter.TotalMilliseconds);
    }

    /// <summary>What is asked of a device, the most first.</summary>
    private enum Demand
    {
        /// <summary>It has the conversation's model, and room for it.</summary>
        SameModel,

        /// <summary>Another model, and room for it.</summary>
        Room,

        /// <summary>Whatever there is.</summary>
        None,
    }
}
