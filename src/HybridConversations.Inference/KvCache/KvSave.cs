using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>A state on its way to disk, a conversation's or the beginning that it shares: a block at a time, from its slot for as long as that holds the same tokens, or from host memory.</summary>
internal sealed class KvSave(KvSlot slot, string key, int[] tokens, KvLineage lineage, double dueMs)
{
    private KvBlockId[]? _ids;

    public KvSlot Slot { get; } = slot;
    public string Key { get; } = key;
    public int[] Tokens { get; } = tokens;
    public KvLineage Lineage { get; } = lineage;
    public double DueMs { get; } = dueMs;

    /// <summary>Index of the next block to look at.</summary>
    public int Next { get; set; }

    /// <summary>Written, or given up.</summary>
    public bool Ended { get; set; }
    public KvBlockId[] Ids => _ids ??= KvBlockId.Chain(Tokens, Lineage);

    /// <summary>A beginning may be saved while its slot goes on; the end of a conversation moves.</summary>
    public bool SlotHolds() => PrefixKey.Is(Key) ? Slot.CleanTokens.StartsWith(Tokens)
        : !Slot.Running && Slot.Key == Key && Slot.Lineage == Lineage && Slot.Tokens.SequenceEqual(Tokens);
}
