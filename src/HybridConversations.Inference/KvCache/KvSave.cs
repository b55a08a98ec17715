using HybridConversations.Inference.Snapshots;

namespace HybridConversations.Inference.KvCache;

/// <summary>A conversation on its way to disk: saved a block at a time for as long as its slot still holds the same tokens.</summary>
internal sealed class KvSave(KvSlot slot, string key, int[] tokens, double dueMs)
{
    private readonly List<KvBlock> _blocks = [];
    private KvBlockId[]? _ids;
    private int _next;

    public KvSlot Slot { get; } = slot;
    public string Key { get; } = key;
    public int[] Tokens { get; } = tokens;
    public double DueMs { get; } = dueMs;

    public bool StillHolds() => !Slot.Running && Slot.Key == Key && Slot.Tokens.SequenceEqual(Tokens);

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
