using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Diagnostics;
using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>Gives a sequence its slot, with as much of its prompt as any tier holds: <see cref="PrefixChoice"/> says from where. Belongs to the engine's thread.</summary>
/// <param name="backend">For the text of tokens.</param>
/// <param name="kv">What is resident.</param>
/// <param name="tiers">What is not.</param>
/// <param name="breaks">Says where prompts leave what is held.</param>
/// <param name="sequenceLimit">Tokens that a sequence may hold.</param>
internal sealed class Admission(IModelBackend backend, ResidentKv kv, KvTiers tiers, PrefixBreaks breaks, int sequenceLimit)
{
    private const int WorthMoving = 64;

    /// <summary>Look-ups of where a prompt's beginning could come from, so far.</summary>
    public long LookUps { get; private set; }

    /// <summary>Whose cells lie where those of the last one that was not admitted belong; set with <see cref="Admitted.WhenAlone"/>.</summary>
    public KvSlot? InTheWay { get; private set; }

    private long Version => kv.Version + tiers.Version;

    /// <summary>Cells the running sequences may still need, each up to its reserve.</summary>
    public static int Reserved(IReadOnlyList<Sequence> running, int growthReserve)
    {
        var sum = 0;
        for (var i = 0; i < running.Count; i++)
        {
            sum += running[i].Pending + Math.Clamp(running[i].Remaining, 0, growthReserve);
        }

        return sum;
    }

    /// <summary>Admits when the cells suffice. Otherwise the sequence waits on and nothing changed; it is not looked at again before anything else has.</summary>
    /// <param name="sequence">Who waits.</param>
    /// <param name="reserved">Cells that those who run may still need.</param>
    /// <param name="growthReserve">Cells kept for its own growth.</param>
    /// <param name="nowMs">Milliseconds of the engine's clock.</param>
    /// <param name="alone">Nobody runs.</param>
    public Admitted TryAdmit(Sequence sequence, int reserved, int growthReserve, double nowMs, bool alone)
    {
        if (sequence.Sources is not { } sources || sources.Version != Version)
        {
            sequence.Sources = sources = LookUp(sequence);
        }

        if (alone && sequence.Request.Reproducible && (InTheWay = FindInTheWay(sources)) is not null)
        {
            return Admitted.WhenAlone;
        }

        // Whoever needs the whole memory comes in once nobody else runs.
        var need = Math.Min(sources.Need + Math.Clamp(sequence.Remaining, 0, growthReserve), kv.Cells.Capacity);
        if (kv.Cells.HeldByRunning + reserved + need > kv.Cells.Capacity)
        {
            return Admitted.No;
        }

        if (sources.Choice.Slot == SlotSource.Empty && !kv.HasEmpty)
        {
            return Admitted.WhenSlotIsFree;
        }

        Admit(sequence, sources, nowMs);
        return Admitted.Yes;
    }

    /// <summary>Shares what another sequence has read or brought back meanwhile, so that it is not brought back twice.</summary>
    public void ShareMeanwhile(Sequence sequence)
    {
        var (slot, restore) = (sequence.Slot!, sequence.Restore!);
        if (kv.HasState || !slot.Lineage.IsClean || kv.FindLongestPrefix(sequence.Tokens[..^1], slot, out var length) is not { } donor)
        {
            return;
        }

        var to = length >= restore.Length ? length : length - (length % KvBlockId.BlockTokens);
        if (to > slot.Count && to <= restore.Lineage.CleanLength)
        {
            sequence.Reuse(shared: to - slot.Count);
            kv.Share(donor, slot, slot.Count, to);
            restore.SkipTo(to);
            if (to >= restore.Length)
            {
                restore.EndAt(0);
            }
        }
    }

    /// <summary>An idle slot that has to leave so that a prompt's KV lies as in an empty memory; null when it would. Whatever cannot leave without being lost stays.</summary>
    private KvSlot? FindInTheWay(PrefixSources from)
    {
        var goesOn = from.Choice switch
        {
            { Saved: not SavedSource.None } => null,
            { Slot: SlotSource.Own, Shared: 0 } => from.Own,
            { Slot: SlotSource.Donor } => from.Donor,
            { Slot: SlotSource.Empty, Shared: > 0 } when from.Choice.Shared == from.Donor!.Count => from.Donor,
            _ => null,
        };
        goesOn = goesOn is { IsPlaced: true } ? goesOn : null;
        foreach (var slot in kv.Slots)
        {
            if (slot != goesOn && tiers.MayLeave(slot) && (goesOn is null || !ResidentKv.IsPartOf(slot, goesOn)))
            {
                return slot;
            }
        }

        return null;
    }

    private PrefixSources LookUp(Sequence sequence)
    {
        LookUps++;
        var own = kv.Find(sequence.Request.Key);
        var key = own is { Running: true } ? null : sequence.Request.Key; // another request of the same conversation is under way
        own = key is null ? null : own;
        if (own is not null)
        {
            Realign(sequence, own);
        }

        var tokens = sequence.Tokens;
        var reusable = tokens[..^1]; // at least one token must be computed to have logits
        var donor = kv.FindLongestPrefix(reusable, own, out var donorLength);
        var parked = tiers.FindParked(key, reusable, out var parkedLength);
        var disk = tiers.OnDisk(key, sequence.Request.SharedTokens, reusable);
        // Who asks the same again, and wants the same again, takes the place of the answer before.
        var donorIsFree = donor is { Running: false, Pinned: false, Key: null }
            && (donorLength >= donor.Count - 8 || (sequence.Request.Reproducible && donorLength >= donor.Settled - 1 && donor.Settled > 0));
        var choice = PrefixChoice.Of(new PrefixOffer(own is null ? null : kv.OwnReach(own, own.Tokens.CommonPrefixLength(reusable)), donorLength, donorIsFree, parkedLength, disk.Length), KvTiers.WorthRestoring);
        return new PrefixSources(Version, choice, key, own, donor, donorLength, parked, disk, tokens.Length - (donor is { Running: true } ? donorLength : 0));
    }

    private void Admit(Sequence sequence, PrefixSources from, double nowMs)
    {
        if (from.Donor is not null)
        {
            kv.Touch(from.Donor);
        }

        var tokens = sequence.Tokens;
        var (slot, held) = Take(from);
        var own = held ? slot.Tokens.CommonPrefixLength(tokens[..^1]) : 0;
        var found = sequence.Admitted ? null : breaks.Find(new PromptFacts(sequence.Request.Key, sequence.Request.Private || sequence.ReadAhead), tokens,
            from.Own, from.Donor, from.Own is { Count: > 0 } ? own : from.DonorLength);
        var kept = Rewind(slot, tokens, own, mayMove: slot == from.Own);
        kv.SetRunning(slot, true);
        if (from.Choice.Shared > kept)
        {
            kv.Truncate(slot, slot.CleanTokens.Length); // what others share cannot follow what they did not see
            kept = slot.Count;
            kv.Share(from.Donor!, slot, kept, from.Choice.Shared);
        }

        sequence.BeginAt(slot, Restore(slot, from, ref kept, nowMs));
        sequence.Reuse(resident: kept, shared: slot.Count - kept);
        if (found is not null)
        {
            breaks.Report(found, Math.Max(slot.Count, sequence.Restore?.Length ?? 0), tokens.Length);
        }
    }

    private (KvSlot Slot, bool Held) Take(PrefixSources from)
    {
        switch (from.Choice.Slot)
        {
            case SlotSource.Own:
                return (from.Own!, true);
            case SlotSource.Donor:
                kv.Rename(from.Donor!, from.Key);
                return (from.Donor!, true);
            default:
                return (kv.TakeEmpty(from.Key)!, false);
        }
    }

    /// <summary>Begins to bring a saved state back behind what the slot holds, at a block's boundary and where both were computed with the same in view. Null when it is not worth it.</summary>
    private KvRestore? Restore(KvSlot slot, PrefixSources from, ref int kept, double nowMs)
    {
        var (choice, length) = (from.Choice, from.Choice.SavedLength);
        if (choice.Saved == SavedSource.None || length < slot.Count + KvTiers.WorthRestoring)
        {
            return null;
        }

        var lineage = (choice.Saved == SavedSource.Parked ? from.Parked!.Lineage : from.Disk.State!.Lineage).Of(length);
        var behind = slot.Count;
        if (slot.Lineage != lineage)
        {
            behind = Math.Min(behind, Math.Min(slot.Lineage.CleanLength, lineage.CleanLength));
        }

        if (kv.HasState)
        {
            kv.CutCells(slot, behind - (behind % KvBlockId.BlockTokens)); // its running state comes back behind them
        }
        else
        {
            kv.Truncate(slot, behind - (behind % KvBlockId.BlockTokens));
        }

        kept = Math.Min(kept, slot.Count);
        return choice.Saved == SavedSource.Parked ? tiers.Begin(from.Parked!, slot.Count, length, nowMs) : tiers.Begin(from.Key, from.Disk, slot.Count);
    }

    /// <summary>Forgets what differs, and keeps what stands behind a dropped middle where the model can move it. Returns the tokens kept.</summary>
    private int Rewind(KvSlot slot, ReadOnlySpan<int> tokens, int common, bool mayMove)
    {
        var rest = tokens[common..^1];
        if (mayMove && backend.Info.CanShift && common > 0 && rest.Length >= WorthMoving && slot.Count - common > WorthMoving)
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

        kv.Truncate(slot, Math.Min(common, slot.Count));
        return slot.Count; // 0 where the model cannot forget a part
    }

    /// <summary>Takes the tokens that the slot holds for the same text, where that leaves the reply the room that it has with the text's own.</summary>
    private void Realign(Sequence sequence, KvSlot own)
    {
        if (sequence.Admitted || sequence.Request.Prompt.HasLiteralControl)
        {
            return;
        }

        var common = own.Tokens.CommonPrefixLength(sequence.Tokens);
        if (HeldPrompt.Align(own.Tokens, sequence.Tokens, common, backend) is { } aligned
            && (aligned.Length <= sequence.Tokens.Length || aligned.Length + sequence.Remaining <= sequenceLimit))
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

    /// <summary>Once somebody who lies in its place has left.</summary>
    WhenAlone,

    /// <summary>The cells would suffice, but each slot is held.</summary>
    WhenSlotIsFree,
}
