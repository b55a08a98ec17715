using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.Snapshots;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Where KV states go and come back from: resident → parked in host memory → snapshot on disk. Whatever moves moves a block at a time. Belongs to the engine's thread;
/// the disk has tasks of its own.
/// </summary>
internal sealed partial class KvTiers
{
    /// <summary>Fewer tokens than this are read again faster than they are looked up.</summary>
    public const int WorthRestoring = 32;

    /// <summary>Blocks that are read from disk at once, from the one on that comes next.</summary>
    private const int BlocksAtOnce = 4;

    private readonly ResidentKv _kv;
    private readonly HostMemory _memory;
    private readonly KvTransfer _transfer;
    private readonly ParkedKv _parked;
    private readonly Parking _parking;
    private readonly SnapshotQueue _saves;
    private readonly SnapshotStore? _store;
    private readonly ILogger _logger;
    private readonly Action<Action> _post;

    /// <param name="backend">Whose KV memory it is.</param>
    /// <param name="kv">What is resident.</param>
    /// <param name="options">Room in the tiers below.</param>
    /// <param name="store">Snapshots on disk; null for none.</param>
    /// <param name="post">Runs something on the engine's thread before a later step.</param>
    /// <param name="logger">For what an operator should know.</param>
    public KvTiers(IModelBackend backend, ResidentKv kv, KvTierOptions options, SnapshotStore? store, Action<Action> post, ILogger logger)
    {
        _kv = kv;
        _memory = new HostMemory(options.ParkedBytes, KvBlockId.BlockTokens * backend.Info.KvBytesPerToken * 9L / 8);
        _transfer = new KvTransfer(backend, kv, _memory);
        _parked = new ParkedKv(_memory.ParkedLimit);
        _saves = new SnapshotQueue(_parked, _transfer, store, options);
        _parking = new Parking(kv, _parked, _transfer, _saves, options);
        _store = store;
        _post = post;
        _logger = logger;
        _memory.CameBack = () => post(_saves.Continue);
        store?.Use(_memory, () => post(_saves.Continue));
    }

    public long ParkedBytes => _parked.Bytes;
    public int ParkedStates => _parked.Count;

    /// <summary>Bytes of host memory that are allocated for KV now, in whatever tier.</summary>
    public long HostBytes => _memory.Allocated;

    /// <summary>Changes whenever a prompt might find something else in host memory.</summary>
    public long Version => _parked.Version;

    /// <summary>The parked state that covers most of a prompt. It may be gone after the next change: <see cref="Begin(KvImage, int, int, double)"/> holds it.</summary>
    public KvImage? FindParked(string? key, ReadOnlySpan<int> prompt, out int length) => _parked.FindLongestPrefix(key, prompt, out length);

    /// <summary>What the disk covers of a prompt; no file is read.</summary>
    public SnapshotMatch OnDisk(string? key, int shared, ReadOnlySpan<int> prompt) => _store?.Find(key, shared, prompt) ?? default;

    /// <summary>Begins to bring a parked state back: holds all of it that is wanted.</summary>
    public KvRestore Begin(KvImage image, int from, int length, double nowMs)
    {
        _parked.Use(image, nowMs);
        var restore = new KvRestore(image.Tokens, image.Lineage, from, length) { FromDisk = image.FromDisk };
        for (var i = restore.Next; i < image.Blocks.Length && KvRestore.From(i) < length; i++)
        {
            image.Blocks[i].AddReference();
            restore.Hold(i, image.Blocks[i]);
        }

        return restore;
    }

    /// <summary>Begins to bring a state back from disk.</summary>
    public KvRestore Begin(string? key, SnapshotMatch found, int from)
    {
        if (key is not null)
        {
            _store!.Index.Touch(key);
        }

        return new KvRestore(found.Tokens, found.Lineage, from, found.Length) { FromDisk = true };
    }

    /// <summary>Appends the next block to a slot, checked against the tokens that it should hold.</summary>
    /// <param name="slot">Who goes on: holds exactly what comes before that block.</param>
    /// <param name="restore">What it goes on from.</param>
    /// <param name="expected">The tokens that the slot is to hold.</param>
    /// <param name="failed">Called on the engine's thread when a read failed for a reason that is no fault of the file.</param>
    public Restored Restore(KvSlot slot, KvRestore restore, ReadOnlySpan<int> expected, Action<Exception> failed)
    {
        if (restore.IsWhole)
        {
            return Restored.Ended;
        }

        if (restore.NextBlock is not { } block)
        {
            Read(restore, failed);
            return restore.IsWhole ? Restored.Ended : Restored.Waits;
        }

        if (_kv.Cells.Free < block.To - block.From)
        {
            return Restored.NeedsCells;
        }

        var to = Math.Min(block.To, restore.Length);
        if (block.Id != restore.Ids[restore.Next] || !_transfer.Restore(slot, block, expected, to))
        {
            LogNotRestored(block.From, block.To);
            restore.EndAt(slot.Count);
            return Restored.Ended;
        }

        if (to > restore.Lineage.CleanLength)
        {
            slot.Lineage = restore.Lineage;
        }

        restore.SkipTo(block.To);
        Read(restore, failed);
        return Restored.Block;
    }

    /// <inheritdoc cref="SnapshotQueue.Waits"/>
    public bool SavesWait => _saves.Waits;

    /// <summary>A step was computed.</summary>
    public void CountStep() => _parking.CountStep();

    /// <inheritdoc cref="Parking.MakeRoom"/>
    public bool MakeRoom(int cells, bool needsSlot, double nowMs) => _parking.MakeRoom(cells, needsSlot, nowMs);

    /// <inheritdoc cref="Parking.MayLeave"/>
    public bool MayLeave(KvSlot slot) => _parking.MayLeave(slot);

    /// <inheritdoc cref="Parking.Leave"/>
    public void Leave(KvSlot slot, double nowMs) => _parking.Leave(slot, nowMs);

    /// <summary>Gives back cells of whoever has been idle for long, at most a block's work. False when nothing was done.</summary>
    public bool ParkOne(double nowMs) => _parking.ParkIdle(nowMs);

    /// <summary>Remembers that a conversation's KV has changed and lies idle: it should be on disk after a moment, and in host memory after some steps of others.</summary>
    public void MarkDirty(KvSlot slot, double nowMs)
    {
        _parking.Watch(slot);
        _saves.MarkDirty(slot, nowMs);
    }

    /// <inheritdoc cref="SnapshotQueue.CountPrefix"/>
    public void CountPrefix(KvSlot slot, int length, double nowMs) => _saves.CountPrefix(slot, length, nowMs);

    /// <summary>Takes a state from disk into host memory, behind everything that is there. False when there is no room, or when its conversation has gone on.</summary>
    public bool TryPark(KvImage image, double nowMs) => _kv.Find(image.Key) is null && _parked.TryAddOldest(image, nowMs);

    /// <summary>Takes a state from disk into host memory that its conversation wants now: others leave for it.</summary>
    public void Park(KvImage image, double nowMs) => _parked.Add(image, nowMs);

    /// <inheritdoc cref="SnapshotQueue.DueIn"/>
    public double? SaveDueIn(double nowMs) => _saves.DueIn(nowMs);

    /// <summary>Saves one block, if one is due. False when nothing was done.</summary>
    public bool SaveOne(double nowMs)
    {
        // What was begun to be parked and is not gone on with must not keep the memory that the disk waits for.
        return _saves.SaveOne(nowMs) || (_saves.Waits && _parking.Abandon());
    }

    /// <summary>Saves whatever the disk lacks, and lets go of host memory.</summary>
    public void SaveRest()
    {
        _parking.Abandon();
        _saves.SaveRest();
        _parked.Clear();
    }

    /// <summary>After a fault of the backend: what is on its way from the KV memory cannot be trusted.</summary>
    public void Abandon()
    {
        _parking.Abandon();
        _saves.Clear();
    }

    /// <summary>Forgets a conversation's state, saved or about to be.</summary>
    /// <returns>Completes when the disk has forgotten it, too.</returns>
    public Task Forget(string key)
    {
        _saves.Forget(key);
        _parked.Remove(key);
        return _store?.Forget(key) ?? Task.CompletedTask;
    }

    /// <summary>Asks the disk for the blocks that come next, as far as there is memory for them.</summary>
    private void Read(KvRestore restore, Action<Exception> failed)
    {
        for (var i = restore.Next; i < restore.Next + BlocksAtOnce && i < restore.Ids.Length && KvRestore.From(i) < restore.Length; i++)
        {
            if (!restore.IsMissing(i))
            {
                continue;
            }

            if (_parked.FindBlock(restore.Ids[i]) is { } parked)
            {
                parked.AddReference();
                restore.Hold(i, parked);
                continue;
            }

            if (_store?.StateBytes(restore.Ids[i]) is not { } bytes)
            {
                restore.EndAt(KvRestore.From(i));
                return;
            }

            byte[]? buffer;
            while ((buffer = _memory.TryRent(bytes)) is null && _parked.DropOldest(evenPinned: false))
            {
            }

            if (buffer is null)
            {
                if (i == restore.Next && restore.Reading == 0 && _store.Pending == 0)
                {
                    restore.EndAt(KvRestore.From(i)); // all memory is held by others that come back: reading the tokens again is quicker than waiting for them
                }

                return;
            }

            restore.Ask(i);
            _ = Read(restore, i, buffer, failed);
        }
    }

    private async Task Read(KvRestore restore, int index, byte[] buffer, Action<Exception> failed)
    {
        var (id, from, tokens) = (restore.Ids[index], KvRestore.From(index), restore.Tokens[KvRestore.From(index)..restore.To(index)]);
        try
        {
            var block = await Task.Run(() => _store!.ReadBlock(id, from, tokens, buffer));
            _post(() => restore.Arrive(index, block));
        }
        catch (Exception error)
        {
            _memory.Return(buffer);
            _post(() =>
            {
                restore.Arrive(index, null);
                failed(error);
            });
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "Saved KV of tokens {From} to {To} is not what it should be, or was refused by the backend, and is read again.")]
    private partial void LogNotRestored(int from, int to);
}

/// <summary>What became of an attempt to bring a block back.</summary>
internal enum Restored
{
    /// <summary>A block is back.</summary>
    Block,

    /// <summary>The disk is asked for it.</summary>
    Waits,

    /// <summary>There are not enough free cells for it.</summary>
    NeedsCells,

    /// <summary>Everything that can come back is back.</summary>
    Ended,
}
