using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Moves KV between a sequence and host memory block by block, through a scratch sequence that shares just that block's cells: a step is bounded by a block,
/// a turn saves only what it added. Belongs to the engine's thread.
/// </summary>
internal sealed class KvTransfer(IModelBackend backend, ResidentKv kv, HostMemory memory)
{
    /// <summary>Was the last save refused for want of memory, which comes back? False: by the backend.</summary>
    public bool LacksMemory { get; private set; }

    /// <summary>Saves positions [from, to) of a slot. Null when the backend refuses, or when there is no memory for it and <paramref name="makeRoom"/> makes none.</summary>
    /// <param name="slot">Whose.</param>
    /// <param name="id">The id of this block of the slot.</param>
    /// <param name="from">First position.</param>
    /// <param name="to">Position behind the last.</param>
    /// <param name="makeRoom">Gives up something in host memory; false when nothing is left to give.</param>
    public KvBlock? Save(KvSlot slot, KvBlockId id, int from, int to, Func<bool>? makeRoom = null)
    {
        LacksMemory = false;
        backend.CopyRange(slot.Id, kv.ScratchId, from, to);
        byte[]? buffer = null;
        try
        {
            var size = backend.SequenceStateSize(kv.ScratchId);
            if (size is <= 0 or > int.MaxValue)
            {
                return null;
            }

            while ((buffer = memory.TryRent((int)size)) is null)
            {
                if (makeRoom?.Invoke() != true)
                {
                    LacksMemory = true;
                    return null;
                }
            }

            var length = backend.SaveSequence(kv.ScratchId, buffer);
            if (length <= 0)
            {
                return null;
            }

            var block = new KvBlock(id, from, slot.Tokens[from..to].ToArray(), buffer, (int)length, memory);
            buffer = null;
            return block;
        }
        finally
        {
            if (buffer is not null)
            {
                memory.Return(buffer);
            }

            backend.RemoveRange(kv.ScratchId, -1, -1);
        }
    }

    /// <summary>Takes a checkpoint of a slot where it ends. Null when the backend refuses, or when there is no memory for it and <paramref name="makeRoom"/> makes none.</summary>
    public KvBlock? SaveCheckpoint(KvSlot slot, Func<bool>? makeRoom = null)
    {
        LacksMemory = false;
        if (backend.CheckpointSize(slot.Id) is not (> 0 and <= int.MaxValue and var size))
        {
            return null;
        }

        byte[]? buffer;
        while ((buffer = memory.TryRent((int)size)) is null)
        {
            if (makeRoom?.Invoke() != true)
            {
                LacksMemory = true;
                return null;
            }
        }

        var length = (int)backend.SaveCheckpoint(slot.Id, buffer);
        return new KvBlock(KvBlockId.Checkpoint(slot.Tokens), slot.Count, [], buffer, length, memory);
    }

    /// <summary>
    /// Appends a block, up to position <paramref name="to"/>, to a slot that holds exactly what comes before it, if it is the KV of the tokens that should follow there.
    /// Cells for the whole block must be free. False: it is not, or the backend refuses, and nothing was changed.
    /// </summary>
    /// <param name="slot">Who goes on.</param>
    /// <param name="block">What it goes on from.</param>
    /// <param name="expected">All tokens that the slot is to hold, up to <paramref name="to"/> at least.</param>
    /// <param name="to">Position behind the last that is wanted.</param>
    public bool Restore(KvSlot slot, KvBlock block, ReadOnlySpan<int> expected, int to)
    {
        if (slot.Count != block.From || to > block.To)
        {
            throw new InvalidOperationException($"A block of tokens {block.From} to {block.To} cannot follow {slot.Count} tokens up to {to}.");
        }

        var wanted = expected[block.From..to];
        if (!block.Tokens.AsSpan().StartsWith(wanted) || !block.IsIntact())
        {
            return false;
        }

        try
        {
            if (!backend.RestoreSequence(kv.ScratchId, block.Bytes.Span) || (!backend.Info.HasRunningState && backend.MaxPosition(kv.ScratchId) != block.To - 1))
            {
                return false;
            }

            backend.CopyRange(kv.ScratchId, slot.Id, block.From, to);
        }
        finally
        {
            backend.RemoveRange(kv.ScratchId, -1, -1);
        }

        foreach (var token in wanted)
        {
            kv.Append(slot, token);
        }

        slot.HasState = !backend.Info.HasRunningState;
        return true;
    }
}
