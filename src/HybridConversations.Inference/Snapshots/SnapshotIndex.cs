using HybridConversations.Inference.KvCache;

namespace HybridConversations.Inference.Snapshots;

/// <summary>What is on disk: which conversation has which tokens, which block has how many bytes and users. Thread-safe.</summary>
internal sealed class SnapshotIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private readonly Dictionary<KvBlockId, BlockUse> _blocks = [];
    private readonly HashSet<string> _pinned = new(StringComparer.Ordinal);
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byKey.Count;
            }
        }
    }

    /// <summary>Tokens on record for a conversation; null for none.</summary>
    public int[]? Tokens(string key)
    {
        lock (_lock)
        {
            return _byKey.TryGetValue(key, out var node) ? node.Value.Tokens : null;
        }
    }

    public bool HasBlock(KvBlockId id)
    {
        lock (_lock)
        {
            return _blocks.ContainsKey(id);
        }
    }

    /// <summary>The most recently used states, newest first.</summary>
    public IReadOnlyList<string> Newest()
    {
        lock (_lock)
        {
            return [.. _byUse.Reverse().Select(e => e.Key)];
        }
    }

    /// <summary>Keeps a state, there or to come, until nothing else is left to remove.</summary>
    public void Pin(string key)
    {
        lock (_lock)
        {
            _pinned.Add(key);
        }
    }

    public void Touch(string key)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddLast(node);
            }
        }
    }

    /// <summary>Records a conversation whose blocks are on disk; returns the blocks that nobody uses any more.</summary>
    public IReadOnlyList<KvBlockId> Put(string key, int[] tokens, IReadOnlyList<(KvBlockId Id, long Bytes)> blocks)
    {
        lock (_lock)
        {
            foreach (var (id, bytes) in blocks)
            {
                if (_blocks.TryGetValue(id, out var use))
                {
                    _blocks[id] = use with { Users = use.Users + 1 };
                }
                else
                {
                    _blocks[id] = new BlockUse(bytes, 1);
                    _bytes += bytes;
                }
            }

            var freed = RemoveLocked(key);
            _byKey[key] = _byUse.AddLast(new Entry(key, tokens, [.. blocks.Select(b => b.Id)]));
            return freed;
        }
    }

    public IReadOnlyList<KvBlockId> Remove(string key)
    {
        lock (_lock)
        {
            return RemoveLocked(key);
        }
    }

    /// <summary>Removes every conversation that uses a block that turned out to be bad.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<KvBlockId> Freed)> Lose(KvBlockId block)
    {
        lock (_lock)
        {
            return [.. _byUse.Where(e => e.Blocks.Contains(block)).ToArray().Select(e => (e.Key, (IReadOnlyList<KvBlockId>)RemoveLocked(e.Key)))];
        }
    }

    /// <summary>Removes the least recently used state, pinned ones last, while there is more than <paramref name="limit"/>; null when there is not.</summary>
    public (string Key, IReadOnlyList<KvBlockId> Freed)? RemoveOldest(long limit)
    {
        lock (_lock)
        {
            return _bytes > limit && (_byUse.FirstOrDefault(e => !_pinned.Contains(e.Key)) ?? _byUse.First?.Value) is { } oldest ? (oldest.Key, RemoveLocked(oldest.Key)) : null;
        }
    }

    private List<KvBlockId> RemoveLocked(string key)
    {
        var freed = new List<KvBlockId>();
        if (_byKey.Remove(key, out var node))
        {
            _byUse.Remove(node);
            foreach (var id in node.Value.Blocks)
            {
                var use = _blocks[id];
                if (use.Users > 1)
                {
                    _blocks[id] = use with { Users = use.Users - 1 };
                }
                else
                {
                    _blocks.Remove(id);
                    _bytes -= use.Bytes;
                    freed.Add(id);
                }
            }
        }

        return freed;
    }

    private sealed record Entry(string Key, int[] Tokens, KvBlockId[] Blocks);

    private readonly record struct BlockUse(long Bytes, int Users);
}
