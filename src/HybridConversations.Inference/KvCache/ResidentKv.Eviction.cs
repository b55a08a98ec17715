using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>Who leaves the memory, and how.</summary>
internal sealed partial class ResidentKv
{
    /// <summary>Empties a slot and gives it back.</summary>
    public void Evict(KvSlot slot)
    {
        Truncate(slot, 0);
        Rename(slot, null);
        Clear(slot);
        _empty.Push(slot);
    }

    /// <summary>Empties the whole KV memory, whatever is on record, after a fault of the backend.</summary>
    public void Clear()
    {
        for (var id = 0; id < _backend.Info.MaxSequences; id++)
        {
            _backend.RemoveRange(id, -1, -1);
        }

        foreach (var slot in _slots)
        {
            Drop(slot, 0, slot.Count);
            Rename(slot, null);
            Clear(slot);
        }

        _empty.Clear();
        foreach (var slot in Enumerable.Reverse(_slots))
        {
            _empty.Push(slot);
        }
    }

    /// <summary>The least recently used idle slot, pinned ones last; null when there is none.</summary>
    public KvSlot? LeastRecentlyUsedIdle() => LeastRecentlyUsed(holdsCheckpoints: false);

    /// <summary>Lets go of the checkpoints of the least recently used idle slot that has any, pinned ones last: it can be gone on from at its end only then. False when there is none.</summary>
    public bool DropCheckpoints()
    {
        var victim = LeastRecentlyUsed(holdsCheckpoints: true);
        victim?.RemoveCheckpoints(behind: -1);
        Version++;
        return victim is not null;
    }

    private KvSlot? LeastRecentlyUsed(bool holdsCheckpoints)
    {
        KvSlot? victim = null;
        foreach (var slot in _slots)
        {
            if (slot is { Running: false, Count: > 0 } && (!holdsCheckpoints || slot.CheckpointBytes > 0)
                && (victim is null || (slot.Pinned, slot.LastUsed).CompareTo((victim.Pinned, victim.LastUsed)) < 0))
            {
                victim = slot;
            }
        }

        return victim;
    }

    private static void Clear(KvSlot slot)
    {
        slot.RemoveCheckpoints(behind: -1);
        slot.HasState = true;
        (slot.Pinned, slot.Private, slot.Settled) = (false, false, 0);
        slot.Lineage = KvLineage.Clean;
        slot.IsPlaced = false;
        slot.Running = false;
    }
}
