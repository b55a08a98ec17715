using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.Snapshots;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// States that should be on disk: saved a moment after they were left, a block at a time, each handed to the disk's writer at once, so that no more than a few blocks wait for it.
/// Belongs to the engine's thread.
/// </summary>
/// <param name="parked">Host memory.</param>
/// <param name="transfer">Saves a block.</param>
/// <param name="store">The disk; null for none.</param>
/// <param name="options">How soon.</param>
/// <param name="hasState">Has the model a running state?</param>
internal sealed class SnapshotQueue(ParkedKv parked, KvTransfer transfer, SnapshotStore? store, KvTierOptions options, bool hasState)
{
    private readonly Queue<KvSave> _dirty = new();
    private bool _waits;

    /// <summary>Remembers that a conversation's KV has changed and lies idle.</summary>
    public void MarkDirty(KvSlot slot, double nowMs)
    {
        if (store is not null && slot.Key is not null && slot.Count >= KvTiers.WorthRestoring && !IsOnDisk(slot))
        {
            _dirty.Enqueue(new KvSave(slot, slot.Key, State(slot, slot.Count), nowMs + options.SnapshotDelayMs));
            Continue();
        }
    }

    /// <summary>
    /// Counts that a prompt began with <paramref name="length"/> tokens that others may begin with too, and remembers to save just them once a second one did:
    /// a conversation's own blocks end where its words do, and what is on disk for all must end where the shared part does.
    /// </summary>
    public void CountPrefix(KvSlot slot, int length, double nowMs)
    {
        if (store is null || length < KvTiers.WorthRestoring || length > slot.CleanTokens.Length)
        {
            return;
        }

        var key = PrefixKey.Of(slot.Tokens[..length]);
        if (store.CountUse(key) > 1 && store.Index.Tokens(key) is null && (!hasState || slot.Checkpoints.Any(checkpoint => checkpoint.From == length)) && !_dirty.Any(save => save.Key == key))
        {
            _dirty.Enqueue(new KvSave(slot, key, State(slot, length) with { Lineage = KvLineage.Clean }, nowMs + options.SnapshotDelayMs));
        }
    }

    /// <summary>Milliseconds until there is something to save; null for nothing, or where the disk is waited for.</summary>
    public double? DueIn(double nowMs) => !_waits && _dirty.TryPeek(out var next) ? Math.Max(0, next.DueMs - nowMs) : null;

    /// <summary>Does it wait for the disk, or for memory?</summary>
    public bool Waits => _waits;

    /// <summary>The disk or the memory that was waited for has room again.</summary>
    public void Continue() => _waits = false;

    /// <summary>Saves one block, if one is due. False when nothing was done.</summary>
    public bool SaveOne(double nowMs)
    {
        while (!_waits && _dirty.TryPeek(out var save) && (save.Ended || save.DueMs <= nowMs))
        {
            if (!save.Ended && Advance(save))
            {
                return true;
            }

            if (save.Ended)
            {
                _dirty.Dequeue();
            }
        }

        return false;
    }

    /// <summary>Saves the next block of a slot that is about to be lost. False when nothing of it is missing, or the disk is not ready for it.</summary>
    public bool Hurry(KvSlot slot)
    {
        foreach (var save in _dirty)
        {
            if (!save.Ended && save.Slot == slot && save.Key == slot.Key && save.SlotHolds())
            {
                return Advance(save);
            }
        }

        return false;
    }

    /// <summary>Saves everything that is missing, waiting for the disk where that is needed: the last thing before the end.</summary>
    public void SaveRest()
    {
        while (_dirty.Count > 0)
        {
            if (!SaveOne(double.MaxValue) && _waits)
            {
                var written = store!.Pending > 0;
                store.Flush().GetAwaiter().GetResult();
                Continue();
                if (!written && !SaveOne(double.MaxValue) && _waits)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Forgets all that is not saved yet: its slots are gone.</summary>
    public void Clear()
    {
        while (_dirty.TryDequeue(out var save))
        {
            End(save);
        }
    }

    /// <summary>Saves no more of a conversation: what is half on its way must not come after the conversation was forgotten.</summary>
    public void Forget(string key)
    {
        foreach (var save in _dirty.Where(save => save.Key == key))
        {
            End(save);
        }
    }

    /// <summary>The first tokens of a slot; the checkpoint at its end is taken when it is written.</summary>
    private SnapshotState State(KvSlot slot, int length)
    {
        var checkpoints = slot.Checkpoints.Select(checkpoint => checkpoint.From).Where(at => at <= length);
        return new(slot.Tokens[..length].ToArray(), slot.Lineage, [.. hasState && length == slot.Count ? checkpoints.Where(at => at < length).Append(length) : checkpoints]);
    }

    /// <summary>Does the disk have all of it, and perhaps more? It was left before it was whole again.</summary>
    private bool IsOnDisk(KvSlot slot) => store!.Index.State(slot.Key!) is { } state && state.Lineage.Of(slot.Count) == slot.Lineage && state.Tokens.AsSpan().StartsWith(slot.Tokens)
        && (!hasState || state.Reach(slot.Count) == slot.Count);

    /// <summary>Hands the next block to the disk. False when the state is whole or cannot be saved (it has ended then), or has to wait.</summary>
    private bool Advance(KvSave save)
    {
        while (!save.Ended && save.Next < save.Ids.Length && store!.Accepts)
        {
            var id = save.Ids[save.Next];
            if (store.HasBlock(id))
            {
                save.Next++;
                continue;
            }

            if (!store.HasRoom())
            {
                _waits = true;
                return false;
            }

            if (save.NextCheckpoint is { } checkpoint)
            {
                if (WriteCheckpoint(save, id, checkpoint))
                {
                    return true;
                }

                if (_waits)
                {
                    return false;
                }

                continue;
            }

            var slotHolds = save.SlotHolds();
            var block = parked.FindBlock(id);
            var from = save.Next * KvBlockId.BlockTokens;
            block?.AddReference();
            block ??= slotHolds ? transfer.Save(save.Slot, id, from, Math.Min(save.Tokens.Length, from + KvBlockId.BlockTokens)) : null;
            if (block is not null)
            {
                store.Write(save.Key, block);
                save.Next++;
                return true;
            }

            _waits = slotHolds && transfer.LacksMemory; // it comes back with what is being written, or parked
            if (!_waits)
            {
                End(save);
            }

            return false;
        }

        if (!save.Ended && save.Next == save.Ids.Length)
        {
            save.Ended = true;
            store!.Write(save.Key, save.State);
        }
        else
        {
            End(save);
        }

        return false;
    }

    /// <summary>False when it is nowhere any more: then what is saved has one less, and without the last one it ends.</summary>
    private bool WriteCheckpoint(KvSave save, KvBlockId id, int at)
    {
        var found = parked.FindBlock(id) ?? save.Slot.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Id == id);
        found?.AddReference();
        var isEnd = at == save.Tokens.Length && save.SlotHolds() && save.Slot is { HasState: true } slot && slot.Count == at;
        found ??= isEnd ? transfer.SaveCheckpoint(save.Slot) : null;
        if (found is null)
        {
            _waits = isEnd && transfer.LacksMemory; // it comes back with what is being written, or parked
            if (!_waits && !save.LeaveOut(at))
            {
                End(save);
            }

            return false;
        }

        store!.Write(save.Key, found);
        save.Next++;
        return true;
    }

    private void End(KvSave save)
    {
        if (!save.Ended)
        {
            save.Ended = true;
            store!.Abandon(save.Key);
        }
    }
}
