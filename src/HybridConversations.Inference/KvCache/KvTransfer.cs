using System.Buffers;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Moves KV between a sequence and host memory block by block, through a scratch sequence that shares just that block's cells: a step is bounded by a block,
/// a turn saves only what it added. Belongs to the engine's thread.
/// </summary>
internal sealed class KvTransfer(IModelBackend backend, ResidentKv kv)
{
    /// <summary>Saves positions [from, to) of a slot. Null when the backend refuses.</summary>
    public KvBlock? Save(KvSlot slot, KvBlockId id, int from, int to)
    {
        backend.CopyRange(slot.Id, kv.ScratchId, from, to);
        try
        {
            var size = backend.SequenceStateSize(kv.ScratchId);
            if (size is <= 0 or > int.MaxValue)
            {
                return null;
            }

            var buffer = ArrayPool<byte>.Shared.Rent((int)size);
            var length = backend.SaveSequence(kv.ScratchId, buffer);
            var block = new KvBlock(id, from, to, buffer, (int)length);
            if (length > 0)
            {
                return block;
            }

            block.Release();
            return null;
        }
        finally
        {
            backend.RemoveRange(kv.ScratchId, -1, -1);
        }
    }

    /// <summary>Appends a block to a slot that holds exactly what comes before it. The cells must be free. False: nothing was changed.</summary>
    public bool Restore(KvSlot slot, KvBlock block, ReadOnlySpan<int> tokens)
    {
        if (slot.Count != block.From)
        {
            throw new InvalidOperationException($"A block from {block.From} cannot follow {slot.Count} tokens.");
        }

        try
        {
            if (!backend.RestoreSequence(kv.ScratchId, block.Bytes.Span) || backend.MaxPosition(kv.ScratchId) != block.To - 1)
            {
                return false;
            }

            backend.CopyRange(kv.ScratchId, slot.Id, block.From, block.To);
        }
        finally
        {
            backend.RemoveRange(kv.ScratchId, -1, -1);
        }

        foreach (var token in tokens[block.From..block.To])
        {
            kv.Append(slot, token);
        }

        return true;
    }
}
