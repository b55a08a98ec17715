using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Snapshots;

/// <summary>What a saved state is of; the ids of its parts follow from it.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Lineage">What it was computed with.</param>
/// <param name="Checkpoints">Tokens behind which it has a checkpoint, in order; none where the model has no running state.</param>
internal sealed record SnapshotState(int[] Tokens, KvLineage Lineage, int[] Checkpoints)
{
    /// <summary>Ids of its blocks, then of its checkpoints.</summary>
    public KvBlockId[] Parts() => KvBlockId.Parts(Tokens, Lineage, Checkpoints);

    /// <summary>How many of its first <paramref name="common"/> tokens it can be gone on from.</summary>
    public int Reach(int common) => Checkpoints.Length == 0 ? common : Checkpoints.LastOrDefault(at => at <= common);
}
