using System.Buffers;
using HybridConversations.Inference.KvCache;

namespace HybridConversations.Simulation.Devices;

/// <summary>What a simulated device has on disk: the tokens of each conversation, the least recently used gone first (as SnapshotStore keeps them).</summary>
internal sealed class SnapshotShelf(long limitTokens)
{
    private readonly Dictionary<string, LinkedListNode<(string Key, int[] Tokens)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, int[] Tokens)> _byUse = new();
    private long _tokens;

    public void Put(string key, int[] tokens)
    {
        Remove(key);
        _byKey[key] = _byUse.AddLast((key, tokens));
        _tokens += tokens.Length;
        while (_tokens > limitTokens && _byUse.First is { } oldest)
        {
            Remove(oldest.Value.Key);
        }
    }

    public void Remove(string key)
    {
        if (_byKey.Remove(key, out var node))
        {
            _byUse.Remove(node);
            _tokens -= node.Value.Tokens.Length;
        }
    }

    /// <summary>Tokens on disk for a conversation.</summary>
    public int Tokens(string key) => _byKey.TryGetValue(key, out var node) ? node.Value.Tokens.Length : 0;

    /// <summary>The saved state of a conversation; null when there is none.</summary>
    public KvImage? Load(string key)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            return null;
        }

        var tokens = node.Value.Tokens;
        var ids = KvBlockId.Chain(tokens);
        var blocks = new KvBlock[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var from = i * KvBlockId.BlockTokens;
            var to = Math.Min(tokens.Length, from + KvBlockId.BlockTokens);
            var length = Math.Max(8, to - from);
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            LedgerBackend.WriteState(buffer, from, to);
            blocks[i] = new KvBlock(ids[i], from, to, buffer, length);
        }

        return new KvImage(key, tokens, blocks) { FromDisk = true };
    }
}
