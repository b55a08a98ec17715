using System.Runtime.InteropServices;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// How idle states leave the device's KV memory, a block a step: those that others went on beside for some steps (attention passes over every cell of the unified KV memory
/// at every step, idle or not, so a cell that lies there costs more than its way to host memory and back, docs/engine.md), and the least recently used one where its cells
/// are needed. Belongs to the engine's thread.
/// </summary>
/// <param name="kv">Where the idle ones lie.</param>
/// <param name="parked">Where they go.</param>
/// <param name="transfer">Saves a block.</param>
/// <param name="saves">What the disk should have before it is gone.</param>
/// <param name="options">After how many steps.</param>
internal sealed class Parking(ResidentKv kv, ParkedKv parked, KvTransfer transfer, SnapshotQueue saves, KvTierOptions options)
{
    private readonly Queue<Idle> _idle = new();
    private readonly List<KvBlock> _saved = [];
    private KvSlot? _slot;
    private long _slotUsed;
    private KvBlockId[] _ids = [];
    private long _bytesPerToken;
    private long _steps;

    /// <summary>A step was computed: whoever lay idle was in its way.</summary>
    public void CountStep() => _steps++;

    /// <summary>A slot has become idle.</summary>
    public void Watch(KvSlot slot)
    {
        if (options is { IdleSteps: > 0, ParkedBytes: > 0 })
        {
            _idle.Enqueue(new Idle(slot, slot.LastUsed, _steps + options.IdleSteps));
        }
    }

    /// <summary>Saves one block of a slot that has been idle for long, or gives its cells back when all are saved. False when nothing is due.</summary>
    public bool ParkIdle(double nowMs)
    {
        while (_idle.TryPeek(out var next) && next.DueStep <= _steps)
        {
            var slot = next.Slot;
            if (slot is { Running: false, Pinned: false, Count: >= KvTiers.WorthRestoring } && slot.LastUsed == next.LastUsed
                && (IsUnderWay(slot) || parked.Bytes + (slot.Count * _bytesPerToken) <= parked.Limit))
            {
                return Advance(slot, nowMs, needed: false) || LeaveIt();
            }

            _idle.Dequeue();
            if (slot is { Running: false, Count: > 0 } && slot.LastUsed != next.LastUsed)
            {
                Watch(slot); // used or shared since: its time begins anew
            }
        }

        return false;

        // There is no room for it after all: it stays until somebody needs its cells.
        bool LeaveIt()
        {
            Abandon();
            _idle.Dequeue();
            return true;
        }
    }

    /// <summary>Frees cells until so many are free, and a slot where one is needed: saves at most one block for that. False when nobody is idle.</summary>
    public bool MakeRoom(int cells, bool needsSlot, double nowMs)
    {
        var moved = false;
        while ((kv.Cells.Free < cells || (needsSlot && !kv.HasEmpty)) && kv.LeastRecentlyUsedIdle() is { } victim)
        {
            moved = true;
            var saved = Advance(victim, nowMs, needed: true);
            if (saved && victim.Count > 0)
            {
                break;
            }
        }

        return moved;
    }

    /// <summary>Can an idle slot leave without its KV being lost?</summary>
    public bool MayLeave(KvSlot slot) => slot is { Running: false, Count: > 0 } && (slot.Count < KvTiers.WorthRestoring || IsWorthParking(slot));

    /// <summary>Saves the next block of a slot that is to leave, or lets it go.</summary>
    public void Leave(KvSlot slot, double nowMs) => Advance(slot, nowMs, needed: true);

    /// <summary>Forgets what was saved of a slot that is not whole yet. False when there was nothing.</summary>
    public bool Abandon()
    {
        _slot = null;
        var any = _saved.Count > 0;
        foreach (var block in _saved)
        {
            block.Release();
        }

        _saved.Clear();
        return any;
    }

    /// <summary>Is it the one whose blocks are being saved?</summary>
    private bool IsUnderWay(KvSlot slot) => _slot == slot && _slotUsed == slot.LastUsed;

    /// <summary>Saves the next block, or gives the slot's cells back once nothing is left to save. False when it is not needed and there is no memory for it.</summary>
    private bool Advance(KvSlot slot, double nowMs, bool needed)
    {
        if (!IsUnderWay(slot))
        {
            Abandon();
            (_slot, _slotUsed) = (slot, slot.LastUsed);
            _ids = IsWorthParking(slot) ? KvBlockId.Chain(slot.Tokens, slot.Lineage) : [];
        }

        while (_saved.Count < _ids.Length)
        {
            var id = _ids[_saved.Count];
            if (parked.FindBlock(id) is { } held)
            {
                held.AddReference();
                _saved.Add(held);
                continue;
            }

            var from = _saved.Count * KvBlockId.BlockTokens;
            var to = Math.Min(slot.Count, from + KvBlockId.BlockTokens);
            if (transfer.Save(slot, id, from, to, needed ? () => parked.DropOldest(evenPinned: slot.Pinned) : null) is { } block)
            {
                _saved.Add(block);
                _bytesPerToken = to - from == KvBlockId.BlockTokens ? block.Allocated / KvBlockId.BlockTokens : _bytesPerToken;
                return true;
            }

            if (!needed)
            {
                return false;
            }

            _ids = _ids[.._saved.Count]; // what is saved so far is a beginning, and worth keeping
        }

        if (_saved.Count == 0 && saves.Hurry(slot))
        {
            return true;
        }

        if (_saved.Count > 0)
        {
            var tokens = slot.Tokens[.._saved[^1].To].ToArray();
            var image = new KvImage(slot.Key, tokens, slot.Lineage.Of(tokens.Length), [.. _saved], TakeCheckpoints(slot, tokens.Length, needed)) { Pinned = slot.Pinned, Settled = slot.Settled };
            _saved.Clear();
            if (kv.HasState && image.Checkpoints.Length == 0)
            {
                image.Dispose(); // it ends before the first place that it could be gone on from
            }
            else
            {
                parked.Add(image, nowMs);
            }
        }

        kv.Evict(slot);
        _slot = null;
        return true;
    }

    /// <summary>The checkpoints of the first tokens of a slot, with one at its end where it is all of them.</summary>
    private KvBlock[] TakeCheckpoints(KvSlot slot, int length, bool needed)
    {
        var checkpoints = slot.Checkpoints.Where(checkpoint => checkpoint.From <= length).ToList();
        foreach (var checkpoint in checkpoints)
        {
            checkpoint.AddReference();
        }

        if (kv.HasState && length == slot.Count && (checkpoints is not [.., var last] || last.From < length)
            && transfer.SaveCheckpoint(slot, needed ? () => parked.DropOldest(evenPinned: slot.Pinned) : null) is { } end)
        {
            checkpoints.Add(end);
        }

        return [.. checkpoints];
    }

    private bool IsWorthParking(KvSlot slot) => options.ParkedBytes > 0 && slot.Count >= KvTiers.WorthRestoring && slot.Count * _bytesPerToken <= parked.Limit;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Idle(KvSlot Slot, long LastUsed, long DueStep);
}
