using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Simulation.Devices;

/// <summary>What a simulated device has on disk: the tokens of each conversation, the least recently used gone first (as SnapshotStore keeps them).</summary>
internal sealed class SnapshotShelf(long limitTokens)
{
    private const int SmallestState = 8;
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private readonly HostMemory _memory = new(long.MaxValue / 16, 1024);
    private long _tokens;

    public void Put(string key, int[] tokens)
    {
        Remove(key);
        _byKey[key] = _byUse.AddLast(new Entry(key, tokens, tokens.Length));
        _tokens += tokens.Length;
        while (_tokens > limitTokens && _byUse.First is { } oldest)
        {
            Remove(oldest.Value.Key);
        }
    }

    /// <summary>Nobody asks for it again; it takes its room all the same, until others push it out.</summary>
    public void Leave(string key)
    {
        if (_byKey.TryGetValue(key, out var node))
        {
            node.Value = node.Value with { Tokens = null };
        }
    }

    /// <summary>Tokens on disk for a conversation.</summary>
    public int Tokens(string key) => _byKey.TryGetValue(key, out var node) ? node.Value.Length : 0;

    /// <summary>The saved state of a conversation; null when there is none.</summary>
    public KvImage? Load(string key)
    {
        if (!_byKey.TryGetValue(key, out var node) || node.Value.Tokens is not { } tokens)
        {
            return null;
        }

        var ids = KvBlockId.Chain(tokens);
        var blocks = new KvBlock[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var from = i * KvBlockId.BlockTokens;
            var to = Math.Min(tokens.Length, from + KvBlockId.BlockTokens);
            var length = Math.Max(SmallestState, to - from);
            var buffer = _memory.TryRent(length)!;
            LedgerBackend.WriteState(buffer, from, to);
            blocks[i] = new KvBlock(ids[i], from, tokens[from..to], buffer, length, _memory);
        }

        return new KvImage(key, tokens, KvLineage.Clean, blocks) { FromDisk = true };
    }

    private void Remove(string key)
    {
        if (_byKey.Remove(key, out var node))
        {
            _byUse.Remove(node);
            _tokens -= node.Value.Length;
        }
    }

    /// <param name="Key">Its conversation.</param>
    /// <param name="Tokens">Null once its conversation is over.</param>
    /// <param name="Length">How many they are, or were.</param>
    private sealed record Entry(string Key, int[]? Tokens, int Length);
}
