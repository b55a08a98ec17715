using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Snapshots;

/// <summary>What is on disk: which conversation has which tokens, which block has how many bytes and users. Thread-safe.</summary>
internal sealed class SnapshotIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private readonly Dictionary<KvBlockId, BlockUse> _blocks = [];
    private readonly Dictionary<string, List<KvBlockId>> _saving = new(StringComparer.Ordinal);
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
            return _byKey.TryGetValue(key, out var node) ? node.Value.State.Tokens : null;
        }
    }

    /// <summary>What is on record for a conversation; null for nothing.</summary>
    public SnapshotState? State(string key)
    {
        lock (_lock)
        {
            return _byKey.TryGetValue(key, out var node) ? node.Value.State : null;
        }
    }

    /// <summary>Bytes of a block's file; null when it is not there.</summary>
    public long? BlockBytes(KvBlockId id)
    {
        lock (_lock)
        {
            return _blocks.TryGetValue(id, out var use) ? use.Bytes : null;
        }
    }

    /// <summary>Records a block of a state that is still being saved: it stays until that is put on record or abandoned.</summary>
    public void Saved(string key, KvBlockId id, long bytes)
    {
        lock (_lock)
        {
            if (!_saving.TryGetValue(key, out var blocks))
            {
                _saving[key] = blocks = [];
            }

            blocks.Add(id);
            Use(id, bytes);
        }
    }

    /// <summary>A state will not be whole: returns its blocks that nobody else uses.</summary>
    public IReadOnlyList<KvBlockId> Abandon(string key)
    {
        lock (_lock)
        {
            return _saving.Remove(key, out var blocks) ? Release(blocks) : [];
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
    public IReadOnlyList<KvBlockId> Put(string key, SnapshotState state, IReadOnlyList<(KvBlockId Id, long Bytes)> blocks)
    {
        lock (_lock)
        {
            foreach (var (id, bytes) in blocks)
            {
                Use(id, bytes);
            }

            var freed = RemoveLocked(key);
            _byKey[key] = _byUse.AddLast(new Entry(key, state, [.. blocks.Select(b => b.Id)]));
            return _saving.Remove(key, out var saved) ? [.. freed, .. Release(saved)] : freed;
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
            foreach (var (_, blocks) in _saving.Where(saving => saving.Value.Contains(block)).ToArray())
            {
                Release([.. blocks.Where(id => id == block)]);
                blocks.RemoveAll(id => id == block);
            }

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

    private void Use(KvBlockId id, long bytes)
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

    private List<KvBlockId> RemoveLocked(string key)
    {
        if (!_byKey.Remove(key, out var node))
        {
            return [];
        }

        _byUse.Remove(node);
        return Release(node.Value.Blocks);
    }

    private List<KvBlockId> Release(IReadOnlyList<KvBlockId> blocks)
    {
        var freed = new List<KvBlockId>();
        foreach (var id in blocks)
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

        return freed;
    }

    private sealed record Entry(string Key, SnapshotState State, KvBlockId[] Blocks);

    private readonly record struct BlockUse(long Bytes, int Users);
}
