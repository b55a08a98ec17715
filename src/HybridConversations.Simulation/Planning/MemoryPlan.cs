using HybridConversations.Simulation.Catalogue;

namespace HybridConversations.Simulation.Planning;

/// <summary>Where a device's memory goes, and how many conversations each tier holds.</summary>
/// <param name="WeightsGib">The model.</param>
/// <param name="KvGib">Left for the KV memory; below 0 the model does not fit.</param>
/// <param name="KvBytesPerToken">Of one token.</param>
/// <param name="KvCells">Tokens in the KV memory.</param>
/// <param name="Resident">Conversations in the KV memory.</param>
/// <param name="Parked">Conversations in host memory.</param>
/// <param name="OnDisk">Conversations in snapshots.</param>
public sealed record MemoryPlan(double WeightsGib, double KvGib, double KvBytesPerToken, int KvCells, int Resident, int Parked, int OnDisk)
{
    private const double Gib = 1L << 30;

    /// <summary>Buffers of a batch of 512 rows.</summary>
    private const double BuffersGib = 0.4;

    public bool Fits => KvCells > 0;

    public static MemoryPlan Of(Setup setup, PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(options);
        var weights = setup.Quantisation.BytesHeld(setup.Model) / Gib;
        var kv = setup.Device.MemoryGib - options.ReservedGib - weights - BuffersGib - options.ParkedGib;
        var perToken = setup.Model.KvBytesPerToken(options.KvBytesPerNumber);
        var perConversation = perToken * options.ContextTokens;
        return new MemoryPlan(
            weights, kv, perToken, (int)Math.Max(0, kv * Gib / perToken), Conversations(kv), Conversations(options.ParkedGib), Conversations(options.SnapshotGib));

        int Conversations(double gib) => (int)Math.Max(0, gib * Gib / perConversation);
    }
}
