using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvCache;

namespace HybridConversations.Inference.Engine;

/// <summary>Gives a sequence its slot, with as much of its prompt as any slot already holds. Belongs to the engine's thread.</summary>
internal sealed class Admission(IModelBackend backend, ResidentKv kv, KvTiers tiers, PrefixBreaks breaks)
{
    private const int WorthMoving = 64;

    /// <summary>Cells the running sequences may still need, each up to its reserve.</summary>
    public static int Reserved(IReadOnlyList<Sequence> running, int growthReserve)
    {
        var sum = 0;
        foreach (var sequence in running)
        {
            sum += sequence.Pending + Math.Clamp(sequence.Remaining, 0, growthReserve);
        }

        return sum;
    }

    /// <summary>Admits when the cells suffice. <see cref="Admitted.No"/>: the sequence waits on, nothing changed.</summary>
    public Admitted TryAdmit(Sequence sequence, int reserved, int growthReserve)
    {
        var own = kv.Find(sequence.Request.Key);
        var key = own is { Running: true } ? null : sequence.Request.Key; // another request of the same conversation is under way
        own = key is null ? null : own;
        if (own is not null)
        {
            Realign(sequence, own);
        }

        var tokens = sequence.Tokens;
        var reusable = tokens[..^1]; // at least one token must be computed to have logits
        var ownLength = own is null ? 0 : own.Tokens.CommonPrefixLength(reusable);
        var donor = kv.FindLongestPrefix(reusable, own, out var donorLength);
        var saved = FindSaved(sequence, key, Math.Max(ownLength, donorLength), out var savedLength);
        if (saved is null && sequence.DiskState == DiskState.Unknown && tiers.OnDisk(key, sequence.Request.SharedTokens, reusable) >= Math.Max(ownLength, donorLength) + KvTiers.WorthRestoring)
        {
            return Admitted.AfterLoading;
        }

        var growth = Math.Clamp(sequence.Remaining, 0, growthReserve);
        var need = tokens.Length - (donor is { Running: true } ? donorLength : 0) + growth;
        if (kv.Cells.HeldByRunning + reserved + need > kv.Cells.Capacity)
        {
            return Admitted.No;
        }

        if (donor is not null)
        {
            kv.Touch(donor);
        }

        var slot = own ?? TakeSlot(key, donor, donorLength, saved is null);
        if (slot is null)
        {
            return Admitted.No;
        }

        var found = breaks.Find(sequence, own, donor, own is { Count: > 0 } ? ownLength : donorLength);
        if (slot == donor)
        {
            (ownLength, donorLength) = (donorLength, 0);
        }

        ownLength = Rewind(slot, tokens, ownLength);
        kv.SetRunning(slot, true);
        if (donor is { Count: > 0 } && donor != slot && donorLength > ownLength)
        {
            kv.Share(donor, slot, ownLength, donorLength);
        }

        var sharedLength = slot.Count;
        if (saved is not null)
        {
            (ownLength, sharedLength) = Restore(slot, saved, savedLength, ownLength);
        }

        if (found is not null)
        {
            breaks.Report(found, slot.Count, tokens.Length);
        }

        if (!sequence.Admitted)
        {
            var restored = slot.Count - sharedLength;
            sequence.Reused = new ReusedTokens(ownLength, saved is { FromDisk: false } ? restored : 0, saved is { FromDisk: true } ? restored : 0, sharedLength - ownLength);
        }

        sequence.TakeLoaded()?.Dispose();
        sequence.BeginAt(slot);
        return Admitted.Yes;
    }

    /// <summary>The saved state, loaded or parked, that beats what is resident by enough.</summary>
    private KvImage? FindSaved(Sequence sequence, string? key, int resident, out int length)
    {
        var reusable = sequence.Tokens[..^1];
        var parked = tiers.FindParked(key, reusable, out length);
        if (sequence.Loaded is { } loaded && loaded.Tokens.AsSpan().CommonPrefixLength(reusable) is var loadedLength && loadedLength > length)
        {
            (parked, length) = (loaded, loadedLength);
        }

        return length >= resident + KvTiers.WorthRestoring ? parked : null;
    }

    /// <summary>Goes on from a saved state, at a block's boundary. Returns what is left of the slot's own and of the shared tokens.</summary>
    private (int Own, int Shared) Restore(KvSlot slot, KvImage saved, int length, int ownLength)
    {
        var aligned = slot.Count - (slot.Count % KvBlockId.BlockTokens);
        kv.Truncate(slot, aligned);
        var kept = slot.Count;
        var need = Math.Min(saved.Tokens.Length, length + KvBlockId.BlockTokens) - kept;
        while (kv.Cells.Free < need && kv.EvictOne())
        {
        }

        if (kv.Cells.Free >= need)
        {
            tiers.Restore(slot, saved, length);
        }

        return (Math.Min(ownLength, kept), kept);
    }

    /// <summary>A free slot, or the donor itself where nobody owns it and the prompt goes on where it ends.</summary>
    private KvSlot? TakeSlot(string? key, KvSlot? donor, int donorLength, bool mayTakeOver)
    {
        if (mayTakeOver && donor is { Running: false, Pinned: false, Key: null } && donorLength >= donor.Count - 8)
        {
            kv.Rename(donor, key);
            return donor;
        }

        return kv.TakeEmpty(key);
    }

    /// <summary>Forgets what differs, and keeps what stands behind a dropped middle where the model can move it. Returns the tokens kept.</summary>
    private int Rewind(KvSlot slot, ReadOnlySpan<int> tokens, int common)
    {
        var rest = tokens[common..^1];
        if (common > 0 && rest.Length >= WorthMoving && slot.Count - common > WorthMoving)
        {
            var offset = slot.Tokens[(common + 1)..].IndexOf(rest[..(WorthMoving / 2)]);
            if (offset >= 0)
            {
                var from = common + 1 + offset;
                var length = slot.Tokens[from..].CommonPrefixLength(rest);
                if (length >= WorthMoving)
                {
                    kv.Truncate(slot, from + length);
                    if (kv.CutOut(slot, common, from))
                    {
                        return common + length;
                    }
                }
            }
        }

        kv.Truncate(slot, common);
        return slot.Count; // 0 where the model cannot forget a part
    }

    private void Realign(Sequence sequence, KvSlot own)
    {
        if (sequence.Admitted || sequence.Request.Prompt.HasLiteralControl)
        {
            return;
        }

        var common = own.Tokens.CommonPrefixLength(sequence.Tokens);
        if (HeldPrompt.Align(own.Tokens, sequence.Tokens, common, backend) is { } aligned)
        {
            sequence.ReplacePrompt(aligned);
        }
    }
}

/// <summary>Outcome of an admission.</summary>
internal enum Admitted
{
    No,
    Yes,

    /// <summary>The disk has its KV: it waits for that, and others go first.</summary>
    AfterLoading,
}
