using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.Snapshots;

namespace HybridConversations.Inference.KvCache;

/// <summary>A state on its way to disk, a conversation's or the beginning that it shares: a block at a time, from its slot for as long as that holds the same tokens, or from host memory.</summary>
internal sealed class KvSave(KvSlot slot, string key, SnapshotState state, double dueMs)
{
    private KvBlockId[]? _ids;

    public KvSlot Slot { get; } = slot;
    public string Key { get; } = key;
    public SnapshotState State { get; private set; } = state;
    public int[] Tokens => State.Tokens;
    public KvLineage Lineage => State.Lineage;
    public double DueMs { get; } = dueMs;

    /// <summary>Index of the next block to look at.</summary>
    public int Next { get; set; }

    /// <summary>Written, or given up.</summary>
    public bool Ended { get; set; }
    public KvBlockId[] Ids => _ids ??= State.Parts();

    /// <summary>Where the next part is a checkpoint: the tokens that it stands behind.</summary>
    public int? NextCheckpoint => Next - (Ids.Length - State.Checkpoints.Length) is >= 0 and var at ? State.Checkpoints[at] : null;

    /// <summary>The next checkpoint is nowhere any more. False when it was the last.</summary>
    public bool LeaveOut(int checkpoint)
    {
        State = State with { Checkpoints = [.. State.Checkpoints.Where(other => other != checkpoint)] };
        _ids = null;
        return State.Checkpoints.Length > 0;
    }

    /// <summary>A beginning may be saved while its slot goes on; the end of a conversation moves.</summary>
    public bool SlotHolds() => PrefixKey.Is(Key) ? Slot.CleanTokens.StartsWith(Tokens)
        : !Slot.Running && Slot.Key == Key && Slot.Lineage == Lineage && Slot.Tokens.SequenceEqual(Tokens);
}
