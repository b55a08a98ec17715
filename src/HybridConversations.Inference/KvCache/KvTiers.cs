using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Snapshots;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Where KV states go and come back from: resident → parked in host memory → snapshot on disk. Saves idle conversations a block at a time, so that an
/// eviction finds most of its work done. Belongs to the engine's thread; the disk has tasks of its own.
/// </summary>
internal sealed partial class KvTiers
{
    /// <summary>Fewer tokens than this are read again faster than they are looked up.</summary>
    public const int WorthRestoring = 32;

    private readonly ResidentKv _kv;
    private readonly KvTransfer _transfer;
    private readonly ParkedKv _parked;
    private readonly IdleParking _idle;
    private readonly SnapshotStore? _store;
    private readonly KvTierOptions _options;
    private readonly ILogger _logger;
    private readonly Queue<KvSave> _dirty = new();

    public KvTiers(IModelBackend backend, ResidentKv kv, KvTierOptions options, SnapshotStore? store, ILogger logger)
    {
        _kv = kv;
        _transfer = new KvTransfer(backend, kv);
        _parked = new ParkedKv(options.ParkedBytes);
        _idle = new IdleParking(kv, _parked, _transfer, options);
        _store = store;
        _options = options;
        _logger = logger;
        kv.BeforeEviction = Park;
    }

    public long ParkedBytes => _parked.Bytes;
    public int ParkedStates => _parked.Count;

    /// <summary>The parked state that covers most of a prompt.</summary>
    public KvImage? FindParked(string? key, ReadOnlySpan<int> prompt, out int length) => _parked.FindLongestPrefix(key, prompt, out length);

    /// <summary>Tokens of a prompt that the disk covers.</summary>
    public int OnDisk(string? key, int shared, ReadOnlySpan<int> prompt) => _store?.Covers(key, shared, prompt) ?? 0;

    /// <summary>Reads from disk, on another thread; null when nothing verified.</summary>
    public Task<KvImage?> LoadAsync(string? key, int shared, int[] prompt) => Task.Run(() => _store?.Load(key, shared, prompt));

    /// <summary>
    /// Appends blocks of a saved state to a slot that holds its first <see cref="KvSlot.Count"/> tokens, up to <paramref name="length"/>.
    /// The slot must hold a whole number of blocks, and the cells must be free. Returns the tokens the slot holds then.
    /// </summary>
    public int Restore(KvSlot slot, KvImage image, int length)
    {
        foreach (var block in image.Blocks)
        {
            if (block.From >= slot.Count && block.From < length)
            {
                if (!_transfer.Restore(slot, block, image.Tokens))
                {
                    LogNotRestored(block.From, block.To);
                    break;
                }
            }
        }

        _kv.Truncate(slot, length);
        return slot.Count;
    }

    /// <summary>A step was computed.</summary>
    public void CountStep() => _idle.CountStep();

    /// <summary>Gives back cells of whoever has been idle for long, at most a block's work. False when nothing was done.</summary>
    public bool ParkOne() => _idle.ParkOne();

    /// <summary>Remembers that a conversation's KV has changed and lies idle: it should be on disk after a moment, and in host memory after some steps of others.</summary>
    public void MarkDirty(KvSlot slot, double nowMs)
    {
        _idle.Watch(slot);
        if (_store is not null && slot.Key is not null && slot.Count >= WorthRestoring)
        {
            _dirty.Enqueue(new KvSave(slot, slot.Key, slot.Tokens.ToArray(), nowMs + _options.SnapshotDelayMs));
        }
    }

    /// <summary>
    /// Counts that a prompt began with <paramref name="length"/> tokens that others may begin with too, and remembers to save just them once a second one did:
    /// a conversation's own blocks end where its words do, and what is on disk for all must end where the shared part does.
    /// </summary>
    public void CountPrefix(KvSlot slot, int length, double nowMs)
    {
        if (_store is null || length < WorthRestoring || length > slot.Count)
        {
            return;
        }

        var tokens = slot.Tokens[..length];
        var key = PrefixKey.Of(tokens);
        if (_store.CountUse(key) > 1 && _store.Index.Tokens(key) is null && !_dirty.Any(save => save.Key == key))
        {
            _dirty.Enqueue(new KvSave(slot, key, tokens.ToArray(), nowMs + _options.SnapshotDelayMs));
        }
    }

    /// <summary>Takes a state from disk into host memory, behind everything that is there. False when there is no room, or when its conversation has gone on.</summary>
    public bool TryPark(KvImage image) => _kv.Find(image.Key) is null && _parked.TryAddOldest(image);

    /// <summary>Milliseconds until there is something to save; null for nothing.</summary>
    public double? SaveDueIn(double nowMs) => _dirty.TryPeek(out var next) ? Math.Max(0, next.DueMs - nowMs) : null;

    /// <summary>Saves one block, if one is due. False when nothing was done.</summary>
    public bool SaveOne(double nowMs)
    {
        while (_dirty.TryPeek(out var save) && save.DueMs <= nowMs)
        {
            if (!save.StillHolds() || !_store!.Accepts)
            {
                save.Abandon();
                _dirty.Dequeue();
                continue;
            }

            if (save.NextMissing(_store.Index) is { } block)
            {
                if (_parked.FindBlock(block.Id) is { } parked)
                {
                    parked.AddReference();
                    save.Add(parked);
                }
                else if (_transfer.Save(save.Slot, block.Id, block.From, block.To) is { } saved)
                {
                    save.Add(saved);
                }
                else
                {
                    save.Abandon();
                    _dirty.Dequeue();
                }

                return true;
            }

            _dirty.Dequeue();
            _store.TryWrite(save.Key, save.Tokens, save.ToImage());
        }

        return false;
    }

    public void Forget(string key)
    {
        _parked.Remove(key);
        if (_store is not null)
        {
            _ = _store.Forget(key).AsTask();
        }
    }

    /// <summary>Keeps an evicted state in host memory, and on disk where it was not saved yet.</summary>
    private void Park(KvSlot slot)
    {
        if (_options.ParkedBytes == 0 || slot.Count < WorthRestoring)
        {
            return;
        }

        var ids = KvBlockId.Chain(slot.Tokens);
        var blocks = new List<KvBlock>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            var from = i * KvBlockId.BlockTokens;
            if (_parked.FindBlock(ids[i]) is { } held)
            {
                held.AddReference();
                blocks.Add(held);
            }
            else if ((_idle.Take(ids[i]) ?? _transfer.Save(slot, ids[i], from, Math.Min(slot.Count, from + KvBlockId.BlockTokens))) is { } block)
            {
                blocks.Add(block);
            }
            else
            {
                break;
            }
        }

        if (blocks.Count == 0)
        {
            return;
        }

        var tokens = slot.Tokens[..blocks[^1].To].ToArray();
        if (_store is { Accepts: true } && slot.Key is not null && _dirty.Any(save => save.IsOf(slot)))
        {
            blocks.ForEach(b => b.AddReference());
            _store.TryWrite(slot.Key, tokens, new KvImage(slot.Key, tokens, [.. blocks]));
        }

        _parked.Add(new KvImage(slot.Key, tokens, [.. blocks]) { Pinned = slot.Pinned });
    }

    [LoggerMessage(30, LogLevel.Warning, "Saved KV of tokens {From} to {To} was refused by the backend and is read again.")]
    private partial void LogNotRestored(int from, int to);
}
