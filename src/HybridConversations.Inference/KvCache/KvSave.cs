using HybridConversations.Inference.Snapshots;

namespace HybridConversations.Inference.KvCache;

/// <summary>A state on its way to disk, a conversation's or the beginning that it shares: saved a block at a time for as long as its slot still holds the same tokens.</summary>
internal sealed class KvSave(KvSlot slot, string key, int[] tokens, double dueMs)
{
    private readonly List<KvBlock> _blocks = [];
    private KvBlockId[]? _ids;
    private int _next;

    public KvSlot Slot { get; } = slot;
    public string Key { get; } = key;
    public int[] Tokens { get; } = tokens;
    public double DueMs { get; } = dueMs;

    /// <summary>A beginning may be saved while its slot goes on; the end of a conversation moves.</summary>
    public bool StillHolds() => PrefixKey.Is(Key) ? Slot.Tokens.StartsWith(Tokens) : IsOf(Slot);

    /// <summary>Is it all that the slot holds, silent, for its conversation?</summary>
    public bool IsOf(KvSlot slot) => Slot == slot && !slot.Running && slot.Key == Key && slot.Tokens.SequenceEqual(Tokens);

    /// <summary>The next block that the disk lacks; null when all are there.</summary>
    public (KvBlockId Id, int From, int To)? NextMissing(SnapshotIndex index)
    {
        _ids ??= KvBlockId.Chain(Tokens);
        for (; _next < _ids.Length; _next++)
        {
            if (!index.HasBlock(_ids[_next]))
            {
                var from = _next * KvBlockId.BlockTokens;
                return (_ids[_next], from, Math.Min(Tokens.Length, from + KvBlockId.BlockTokens));
            }
        }

        return null;
    }

    public void Add(KvBlock block)
    {
        _blocks.Add(block);
        _next++;
    }

    public KvImage ToImage() => new(Key, Tokens, [.. _blocks]);

    public void Abandon()
    {
        foreach (var block in _blocks)
        {
            block.Release();
        }

        _blocks.Clear();
    }
}
