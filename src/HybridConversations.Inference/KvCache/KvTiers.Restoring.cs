using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.Snapshots;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.KvCache;

/// <summary>How a state comes back into the KV memory, a block or a checkpoint at a time.</summary>
internal sealed partial class KvTiers
{
    /// <summary>Parts that are read from disk at once, from the one on that comes next.</summary>
    private const int BlocksAtOnce = 4;

    /// <summary>Begins to bring a parked state back: holds all of it that is wanted.</summary>
    public KvRestore Begin(KvImage image, int from, int length, double nowMs)
    {
        _parked.Use(image, nowMs);
        var restore = new KvRestore(image.Tokens, image.Lineage, from, length, _hasState) { FromDisk = image.FromDisk };
        for (var i = restore.Next; i < restore.Parts; i++)
        {
            var part = i < image.Blocks.Length && restore.From(i) < length ? image.Blocks[i] : Checkpoints.Before(image.Checkpoints, length)!;
            part.AddReference();
            restore.Hold(i, part);
        }

        return restore;
    }

    /// <summary>Begins to bring a state back from disk.</summary>
    public KvRestore Begin(string? key, SnapshotMatch found, int from)
    {
        if (key is not null)
        {
            _store!.Index.Touch(key);
        }

        return new KvRestore(found.State!.Tokens, found.State.Lineage, from, found.Length, _hasState) { FromDisk = true };
    }

    /// <summary>Appends the next block to a slot, checked against the tokens that it should hold.</summary>
    /// <param name="slot">Who goes on: holds exactly what comes before that block.</param>
    /// <param name="restore">What it goes on from.</param>
    /// <param name="expected">The tokens that the slot is to hold.</param>
    /// <param name="failed">Called on the engine's thread when a read failed for a reason that is no fault of the file.</param>
    public Restored Restore(KvSlot slot, KvRestore restore, ReadOnlySpan<int> expected, Action<Exception> failed)
    {
        if (restore.IsWhole)
        {
            return Restored.Ended;
        }

        if (restore.NextBlock is not { } block)
        {
            Read(restore, failed);
            return restore.IsWhole ? Restored.Ended : Restored.Waits;
        }

        if (block.IsCheckpoint)
        {
            return Resume(slot, restore, block);
        }

        if (_kv.Cells.Free < block.To - block.From)
        {
            return Restored.NeedsCells;
        }

        var to = Math.Min(block.To, restore.Length);
        if (block.Id != restore.Ids[restore.Next] || !_transfer.Restore(slot, block, expected, to))
        {
            LogNotRestored(block.From, block.To);
            restore.EndAt(slot.Count);
            return Restored.Ended;
        }

        if (to > restore.Lineage.CleanLength)
        {
            slot.Lineage = restore.Lineage;
        }

        restore.SkipTo(block.To);
        Read(restore, failed);
        return Restored.Block;
    }

    private Restored Resume(KvSlot slot, KvRestore restore, KvBlock checkpoint)
    {
        if (checkpoint.Id == restore.Ids[restore.Next] && _kv.Resume(slot, checkpoint))
        {
            restore.EndWithCheckpoint();
            return Restored.Block;
        }

        LogNotRestored(checkpoint.From, checkpoint.To);
        restore.EndBefore(restore.Next);
        return Restored.Ended;
    }

    /// <summary>Asks the disk for the blocks that come next, as far as there is memory for them.</summary>
    private void Read(KvRestore restore, Action<Exception> failed)
    {
        for (var i = restore.Next; i < restore.Next + BlocksAtOnce && i < restore.Parts; i++)
        {
            if (!restore.IsMissing(i))
            {
                continue;
            }

            if (_parked.FindBlock(restore.Ids[i]) is { } parked)
            {
                parked.AddReference();
                restore.Hold(i, parked);
                continue;
            }

            if (_store?.StateBytes(restore.Ids[i]) is not { } bytes)
            {
                restore.EndBefore(i);
                return;
            }

            byte[]? buffer;
            while ((buffer = _memory.TryRent(bytes)) is null && _parked.DropOldest(evenPinned: false))
            {
            }

            if (buffer is null)
            {
                if (i == restore.Next && restore.Reading == 0 && _store.Pending == 0)
                {
                    restore.EndBefore(i); // all memory is held by others that come back: reading the tokens again is quicker than waiting for them
                }

                return;
            }

            restore.Ask(i);
            _ = Read(restore, i, buffer, failed);
        }
    }

    private async Task Read(KvRestore restore, int index, byte[] buffer, Action<Exception> failed)
    {
        var (id, from, tokens) = (restore.Ids[index], restore.From(index), restore.Tokens[restore.From(index)..restore.To(index)]);
        try
        {
            var block = await Task.Run(() => _store!.ReadBlock(id, from, tokens, buffer));
            _post(() => restore.Arrive(index, block));
        }
        catch (Exception error)
        {
            _memory.Return(buffer);
            _post(() =>
            {
                restore.Arrive(index, null);
                failed(error);
            });
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "Saved KV of tokens {From} to {To} is not what it should be, or was refused by the backend, and is read again.")]
    private partial void LogNotRestored(int from, int to);
}

/// <summary>What became of an attempt to bring a block back.</summary>
internal enum Restored
{
    /// <summary>A block is back.</summary>
    Block,

    /// <summary>The disk is asked for it.</summary>
    Waits,

    /// <summary>There are not enough free cells for it.</summary>
    NeedsCells,

    /// <summary>Everything that can come back is back.</summary>
    Ended,
}
