using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// The sequences held in the backend's KV memory, running and idle, with exact accounting of cells. Idle ones stay until someone needs the room.
/// Belongs to the engine's thread.
/// </summary>
internal sealed partial class ResidentKv
{
    private readonly IModelBackend _backend;
    private readonly KvSlot[] _slots;
    private readonly Stack<KvSlot> _empty = new();
    private readonly Dictionary<string, KvSlot> _byKey = new(StringComparer.Ordinal);
    private readonly bool _hasState;
    private long _clock;

    public ResidentKv(IModelBackend backend)
    {
        _backend = backend;
        _hasState = backend.Info.HasRunningState;
        Cells = new KvCells(backend.Info.Cells);
        ScratchId = backend.Info.MaxSequences - 1;
        _slots = [.. Enumerable.Range(0, ScratchId).Select(id => new KvSlot(id))];
        foreach (var slot in Enumerable.Reverse(_slots))
        {
            _empty.Push(slot);
        }
    }

    public KvCells Cells { get; }

    /// <summary>A sequence that holds nothing between two calls: blocks are saved and restored through it.</summary>
    public int ScratchId { get; }
    public int Held => _slots.Length - _empty.Count;
    public bool HasEmpty => _empty.Count > 0;
    public ReadOnlySpan<KvSlot> Slots => _slots;

    /// <summary>Changes whenever a prompt might find something else here: not with each token.</summary>
    public long Version { get; private set; }

    /// <summary>The slot of a conversation; null when it holds none.</summary>
    public KvSlot? Find(string? key) => key is not null && _byKey.TryGetValue(key, out var slot) ? slot : null;

    /// <summary>The held slot (other than <paramref name="except"/>) that shares most of <paramref name="tokens"/>: only what was computed with nothing else in view.</summary>
    public KvSlot? FindLongestPrefix(ReadOnlySpan<int> tokens, KvSlot? except, out int length)
    {
        KvSlot? best = null;
        length = 0;
        foreach (var slot in _slots)
        {
            if (slot.Count > length && slot != except)
            {
                var common = Reach(slot, slot.CleanTokens.CommonPrefixLength(tokens));
                if (common > length)
                {
                    (best, length) = (slot, common);
                }
            }
        }

        return best;
    }

    /// <summary>An empty slot for a key; null when there is none.</summary>
    public KvSlot? TakeEmpty(string? key)
    {
        if (!_empty.TryPop(out var slot))
        {
            return null;
        }

        Rename(slot, key);
        Touch(slot);
        return slot;
    }

    /// <summary>Gives a slot to another key.</summary>
    public void Rename(KvSlot slot, string? key)
    {
        Version++;
        if (slot.Key is not null)
        {
            _byKey.Remove(slot.Key);
        }

        slot.Key = key;
        if (key is not null)
        {
            _byKey[key] = slot;
        }
    }

    public void Touch(KvSlot slot) => slot.LastUsed = ++_clock;

    public void SetRunning(KvSlot slot, bool running)
    {
        if (slot.Running == running)
        {
            return;
        }

        Version++;
        slot.Running = running;
        Touch(slot);
        foreach (var cell in slot.Cells)
        {
            if (running)
            {
                Cells.AddRunning(cell);
            }
            else
            {
                Cells.RemoveRunning(cell);
            }
        }
    }

    /// <summary>Records that the backend has computed one more token of the slot.</summary>
    public void Append(KvSlot slot, int token)
    {
        slot.IsPlaced = (slot.IsPlaced || slot.Count == 0) && Cells.Used == slot.Count; // a free cell is the next one only where nobody else's lie in between
        slot.Add(token, Cells.Take(slot.Running));
    }

    /// <summary>Does a slot hold nothing but cells that another one holds too, at its beginning?</summary>
    public static bool IsPartOf(KvSlot slot, KvSlot other) => slot.Count > 0 && slot.Count <= other.Count && slot.Cells[^1] == other.Cells[slot.Count - 1];

    /// <summary>
    /// Lets <paramref name="target"/>, which holds <paramref name="from"/> tokens, share the donor's tokens up to <paramref name="to"/>, which must be clean in both. Where the donor has
    /// given up its checkpoint there since, nothing is shared.
    /// </summary>
    public void Share(KvSlot donor, KvSlot target, int from, int to)
    {
        if (to > donor.CleanTokens.Length || !target.Lineage.Of(from).IsClean)
        {
            throw new InvalidOperationException($"Tokens {from} to {to} of sequence {donor.Id} were computed with others in view, or are to follow such ones.");
        }

        var checkpoint = _hasState ? Checkpoints.Before(donor.Checkpoints, to) : null;
        if (_hasState && checkpoint?.From != to)
        {
            return; // it has gone on since
        }

        Version++;
        _backend.CopyRange(donor.Id, target.Id, from, to);
        target.IsPlaced = donor.IsPlaced && (from == 0 || target.Cells[from - 1] == donor.Cells[from - 1]);
        target.Reserve(to);
        for (var i = from; i < to; i++)
        {
            var cell = donor.Cells[i];
            Cells.AddReference(cell, target.Running);
            target.Add(donor.Tokens[i], cell);
        }

        if (checkpoint is not null)
        {
            target.HasState = false;
            Resume(target, checkpoint);
            Settle(target);
        }
    }

    /// <summary>
    /// Forgets everything from position <paramref name="length"/>; where the model has a running state, from the last checkpoint before it; all where the model cannot forget a part.
    /// </summary>
    public void Truncate(KvSlot slot, int length)
    {
        if (length >= slot.Count)
        {
            return;
        }

        if (_hasState)
        {
            GoBack(slot, length);
            return;
        }

        if (length > 0 && !_backend.RemoveRange(slot.Id, length, -1))
        {
            length = 0;
        }

        if (length == 0)
        {
            _backend.RemoveRange(slot.Id, -1, -1);
        }

        Drop(slot, length, slot.Count - length);
        slot.Lineage = slot.Lineage.Of(length);
    }

    /// <summary>Takes back what the backend may have computed behind the tokens on record; all of it where the model cannot forget a part.</summary>
    public void ForgetUnrecorded(KvSlot slot)
    {
        if (_hasState)
        {
            if (slot.HasState && _backend.MaxPosition(slot.Id) != slot.Count - 1)
            {
                GoBack(slot, slot.Count);
            }

            return;
        }

        if (_backend.MaxPosition(slot.Id) >= slot.Count && !_backend.RemoveRange(slot.Id, slot.Count, -1))
        {
            Truncate(slot, 0);
            _backend.RemoveRange(slot.Id, -1, -1);
        }
    }

    /// <summary>Cuts [from, to) out of the middle and moves what follows up to its place. False when cells are shared or the model cannot shift.</summary>
    public bool CutOut(KvSlot slot, int from, int to)
    {
        if (!_backend.Info.CanShift)
        {
            return false;
        }

        foreach (var cell in slot.Cells[to..])
        {
            if (!Cells.IsExclusive(cell))
            {
                return false;
            }
        }

        if (!_backend.RemoveRange(slot.Id, from, to))
        {
            return false;
        }

        var lineage = slot.Lineage.CutOut(slot.Tokens, from, to);
        if (!_backend.ShiftRange(slot.Id, to, slot.Count, from - to))
        {
            Drop(slot, from, to - from);
            Truncate(slot, from);
            return false;
        }

        (slot.Lineage, slot.IsPlaced) = (lineage, false);
        Drop(slot, from, to - from);
        return true;
    }

    private void Drop(KvSlot slot, int from, int count)
    {
        foreach (var cell in slot.Cells.Slice(from, count))
        {
            Cells.Release(cell, slot.Running);
        }

        slot.RemoveRange(from, count);
    }
}
