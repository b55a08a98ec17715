namespace HybridConversations.Inference.KvCache;

/// <summary>KV states parked in host memory, least recently used first out. Belongs to the engine's thread.</summary>
internal sealed class ParkedKv(long limitBytes)
{
    private readonly LinkedList<KvImage> _byUse = new();
    private readonly Dictionary<KvBlockId, (KvBlock Block, int Images)> _blocks = [];

    /// <summary>Bytes held; a block that several states share counts once.</summary>
    public long Bytes { get; private set; }
    public int Count => _byUse.Count;

    /// <summary>The block of this id; null when none is parked.</summary>
    public KvBlock? FindBlock(KvBlockId id) => _blocks.TryGetValue(id, out var held) ? held.Block : null;

    /// <summary>Takes a state over. One of the same key is replaced.</summary>
    public void Add(KvImage image)
    {
        if (image.Key is not null)
        {
            Remove(image.Key);
        }

        _byUse.AddLast(image);
        Hold(image);
        while (Bytes > limitBytes && Oldest() is { } oldest)
        {
            Drop(oldest);
        }
    }

    /// <summary>Takes a state over that nobody has asked for yet, as the least recently used. False when there is no room for it, or its key is here.</summary>
    public bool TryAddOldest(KvImage image)
    {
        if (Bytes + image.Bytes > limitBytes || _byUse.Any(other => other.Key == image.Key))
        {
            return false;
        }

        _byUse.AddFirst(image);
        Hold(image);
        return true;
    }

    private LinkedListNode<KvImage>? Oldest()
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (!node.Value.Pinned)
            {
                return node;
            }
        }

        return _byUse.First;
    }

    private void Hold(KvImage image)
    {
        for (var i = 0; i < image.Blocks.Length; i++)
        {
            var block = image.Blocks[i];
            if (_blocks.TryGetValue(block.Id, out var held))
            {
                _blocks[block.Id] = held with { Images = held.Images + 1 };
                held.Block.AddReference();
                image.Blocks[i] = held.Block;
                block.Release();
            }
            else
            {
                _blocks[block.Id] = (block, 1);
                Bytes += block.Length;
            }
        }
    }

    /// <summary>The state with the longest common prefix with <paramref name="tokens"/>, a conversation's own first; null when none has any.</summary>
    public KvImage? FindLongestPrefix(string? key, ReadOnlySpan<int> tokens, out int length)
    {
        LinkedListNode<KvImage>? best = null;
        length = 0;
        for (var node = _byUse.Last; node is not null; node = node.Previous)
        {
            var common = node.Value.Tokens.AsSpan().CommonPrefixLength(tokens);
            if (common > length || (common == length && common > 0 && key is not null && node.Value.Key == key))
            {
                (best, length) = (node, common);
            }
        }

        if (best is null)
        {
            return null;
        }

        _byUse.Remove(best);
        _byUse.AddLast(best);
        return best.Value;
    }

    public void Remove(string key)
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (node.Value.Key == key)
            {
                Drop(node);
                return;
            }
        }
    }

    private void Drop(LinkedListNode<KvImage> node)
    {
        _byUse.Remove(node);
        foreach (var block in node.Value.Blocks)
        {
            var (first, images) = _blocks[block.Id];
            if (images == 1)
            {
                _blocks.Remove(block.Id);
                Bytes -= first.Length;
            }
            else
            {
                _blocks[block.Id] = (first, images - 1);
            }
        }

        node.Value.Dispose();
    }
}
