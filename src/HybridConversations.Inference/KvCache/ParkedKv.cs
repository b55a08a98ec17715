using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>KV states parked in host memory, least recently used first out. Belongs to the engine's thread.</summary>
/// <param name="limitBytes">Bytes of host memory for what stays there.</param>
/// <param name="others">Bytes of them that others than parked states take; null for none.</param>
internal sealed class ParkedKv(long limitBytes, Func<long>? others = null)
{
    /// <summary>States of requests without a conversation that are kept at most.</summary>
    public const int MaxUnowned = 64;

    /// <summary>Nobody asked for the state of a request without a conversation for as long: it goes.</summary>
    private const double UnownedMs = 600_000;

    private readonly LinkedList<KvImage> _byUse = new();
    private readonly Dictionary<KvBlockId, (KvBlock Block, int Images)> _blocks = [];
    private int _unowned;

    /// <summary>Bytes that are really allocated; a block that several states share counts once.</summary>
    public long Bytes { get; private set; }
    public long Limit => limitBytes - (others?.Invoke() ?? 0);
    public int Count => _byUse.Count;

    /// <summary>Changes whenever a prompt might find something else here.</summary>
    public long Version { get; private set; }

    /// <summary>The block of this id; null when none is parked. Whoever keeps it adds a reference.</summary>
    public KvBlock? FindBlock(KvBlockId id) => _blocks.TryGetValue(id, out var held) ? held.Block : null;

    /// <summary>Takes a state over. One of the same key is replaced, or, without one, those that answered the same prompt.</summary>
    public void Add(KvImage image, double nowMs)
    {
        image.UsedMs = nowMs;
        if (image.Key is not null && First(other => other.Key == image.Key)?.Value is { } held && Covers(held, image))
        {
            image.Dispose(); // left before it was whole again
            Use(held, nowMs);
            return;
        }

        Hold(image, last: true);
        Replace(image);
        while (_unowned > MaxUnowned || (_byUse.First is { Value: { Key: null, Pinned: false } first } && nowMs - first.UsedMs > UnownedMs))
        {
            Drop(First(other => other.Key is null)!);
        }

        while (Bytes > Limit && DropOldest(evenPinned: true))
        {
        }
    }

    /// <summary>Takes a state over that nobody has asked for yet, as the least recently used. False when there is no room for it, or its key is here.</summary>
    public bool TryAddOldest(KvImage image, double nowMs)
    {
        if (Bytes + image.Bytes > Limit || _byUse.Any(other => other.Key == image.Key))
        {
            return false;
        }

        image.UsedMs = nowMs;
        Hold(image, last: false);
        return true;
    }

    /// <summary>Drops the least recently used state, pinned ones last if at all. False when there is none.</summary>
    public bool DropOldest(bool evenPinned)
    {
        var oldest = First(image => !image.Pinned) ?? (evenPinned ? _byUse.First : null);
        if (oldest is not null)
        {
            Drop(oldest);
        }

        return oldest is not null;
    }

    /// <summary>The state that covers most of <paramref name="tokens"/>, a conversation's own first; null when none covers any. Its blocks stay only for whoever adds references.</summary>
    public KvImage? FindLongestPrefix(string? key, ReadOnlySpan<int> tokens, out int length)
    {
        KvImage? best = null;
        length = 0;
        for (var node = _byUse.Last; node is not null; node = node.Previous)
        {
            var common = node.Value.CommonPrefix(key, tokens);
            if (common > length || (common == length && common > 0 && key is not null && node.Value.Key == key))
            {
                (best, length) = (node.Value, common);
            }
        }

        return best;
    }

    /// <summary>Somebody goes on from it: it is the last to go.</summary>
    public void Use(KvImage image, double nowMs)
    {
        if (_byUse.Remove(image))
        {
            image.UsedMs = nowMs;
            _byUse.AddLast(image);
        }
    }

    public void Remove(string key)
    {
        if (First(image => image.Key == key) is { } node)
        {
            Drop(node);
        }
    }

    public void Clear()
    {
        while (_byUse.First is { } node)
        {
            Drop(node);
        }
    }

    private void Replace(KvImage image)
    {
        for (var node = _byUse.First; node is not null;)
        {
            var (other, next) = (node.Value, node.Next);
            if (other != image && other.Key == image.Key && (image.Key is not null || (!other.Pinned && Answers(image, other))))
            {
                Drop(node);
            }

            node = next;
        }
    }

    private static bool Covers(KvImage held, KvImage image) =>
        held.Lineage.Of(image.Tokens.Length) == image.Lineage && held.Tokens.AsSpan().StartsWith(image.Tokens)
        && held.CommonPrefix(held.Key, image.Tokens) >= image.CommonPrefix(image.Key, image.Tokens);

    /// <summary>Would whoever repeats the other's prompt find it here, too?</summary>
    private static bool Answers(KvImage image, KvImage other)
    {
        var prompt = other.Settled > 0 ? Math.Min(other.Settled, other.Tokens.Length) : other.Tokens.Length;
        return prompt <= image.Lineage.CleanLength && image.Tokens.AsSpan().StartsWith(other.Tokens.AsSpan(0, prompt));
    }

    private LinkedListNode<KvImage>? First(Func<KvImage, bool> which)
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (which(node.Value))
            {
                return node;
            }
        }

        return null;
    }

    private void Hold(KvImage image, bool last)
    {
        Version++;
        _unowned += image.Key is null ? 1 : 0;
        _ = last ? _byUse.AddLast(image) : _byUse.AddFirst(image);
        Hold(image.Blocks);
        Hold(image.Checkpoints);
    }

    private void Hold(KvBlock[] parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var block = parts[i];
            if (_blocks.TryGetValue(block.Id, out var held))
            {
                _blocks[block.Id] = held with { Images = held.Images + 1 };
                held.Block.AddReference();
                parts[i] = held.Block;
                block.Release();
            }
            else
            {
                _blocks[block.Id] = (block, 1);
                Bytes += block.Allocated;
            }
        }
    }

    private void Drop(LinkedListNode<KvImage> node)
    {
        Version++;
        _unowned -= node.Value.Key is null ? 1 : 0;
        _byUse.Remove(node);
        foreach (var block in node.Value.Blocks.Concat(node.Value.Checkpoints))
        {
            var (first, images) = _blocks[block.Id];
            if (images == 1)
            {
                _blocks.Remove(block.Id);
                Bytes -= first.Allocated;
            }
            else
            {
                _blocks[block.Id] = (first, images - 1);
            }
        }

        node.Value.Dispose();
    }
}
