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

    private readonly ResidentKv _kv;
    private readonly HostMemory _memory;
    private readonly KvTransfer _transfer;
    private readonly ParkedKv _parked;
    private readonly Parking _parking;
    private readonly SnapshotQueue _saves;
    private readonly SnapshotStore? _store;
    private readonly ILogger _logger;
    private readonly Action<Action> _post;
    private readonly bool _hasState;
    private readonly long _checkpointBytes;

    /// <param name="backend">Whose KV memory it is.</param>
    /// <param name="kv">What is resident.</param>
    /// <param name="options">Room in the tiers below.</param>
    /// <param name="store">Snapshots on disk; null for none.</param>
    /// <param name="post">Runs something on the engine's thread before a later step.</param>
    /// <param name="logger">For what an operator should know.</param>
    public KvTiers(IModelBackend backend, ResidentKv kv, KvTierOptions options, SnapshotStore? store, Action<Action> post, ILogger logger)
    {
        _kv = kv;
        _memory = new HostMemory(options.ParkedBytes, Math.Max(KvBlockId.BlockTokens * backend.Info.KvBytesPerToken * 9L / 8, backend.Info.CheckpointBytes));
        _transfer = new KvTransfer(backend, kv, _memory);
        _parked = new ParkedKv(_memory.ParkedLimit, () => kv.CheckpointBytes);
        _saves = new SnapshotQueue(_parked, _transfer, store, options, backend.Info.HasRunningState);
        _parking = new Parking(kv, _parked, _transfer, _saves, options);
        (_hasState, _checkpointBytes) = (backend.Info.HasRunningState, backend.Info.CheckpointBytes);
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
    public SnapshotMatch OnDisk(string? key, int shared, ReadOnlySpan<int> prompt) => _store?.Find(key, shared, prompt, _hasState) ?? default;

    /// <summary>
    /// Takes a checkpoint where a slot ends now, where its model has a running state: it can be rewound to here and shared then. Resident checkpoints take half of the host memory at most;
    /// idle conversations give theirs up first.
    /// </summary>
    public void TakeCheckpoint(KvSlot slot)
    {
        if (!_hasState || !slot.HasState || slot.Count < WorthRestoring || (slot.Checkpoints is [.., var last] && last.From == slot.Count))
        {
            return;
        }

        while (_kv.CheckpointBytes + _checkpointBytes > _memory.ParkedLimit / 2)
        {
            if (!_kv.DropCheckpoints())
            {
                return;
            }
        }

        if (_transfer.SaveCheckpoint(slot, () => _parked.DropOldest(evenPinned: false)) is { } checkpoint)
        {
            _kv.Add(slot, checkpoint);
            while (_parked.Bytes > _parked.Limit && _parked.DropOldest(evenPinned: true))
            {
            }
        }
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
}
