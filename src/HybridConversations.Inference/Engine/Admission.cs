using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvCache;

namespace HybridConversations.Inference.Engine;

/// <summary>Gives a sequence its slot, with as much of its prompt as any slot already holds. Belongs to the engine's thread.</summary>
internal sealed class Admission(IModelBackend backend, ResidentKv kv)
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

    /// <summary>Admits when the cells suffice. False: the sequence waits on, nothing changed.</summary>
    public bool TryAdmit(Sequence sequence, int reserved, int growthReserve)
    {
        var own = kv.Find(sequence.Request.Key);
        var key = own is { Running: true } ? null : sequence.Request.Key; // another request of the same conversation is under way
        own = key is null ? null : own;
        if (own is not null)
        {
            Realign(sequence, own);
        }

        var tokens = sequence.Tokens;
        var most = tokens.Length - 1; // at least one token must be computed to have logits
        var ownLength = own is null ? 0 : Math.Min(most, own.Tokens.CommonPrefixLength(tokens));
        var donor = kv.FindLongestPrefix(tokens[..most], own, out var donorLength);

        var growth = Math.Clamp(sequence.Remaining, 0, growthReserve);
        var need = tokens.Length - CellsAlreadyRunning(donor, donorLength) + growth;
        if (kv.Cells.HeldByRunning + reserved + need > kv.Cells.Capacity)
        {
            return false;
        }

        if (donor is not null)
        {
            kv.Touch(donor);
        }

        var slot = own ?? TakeSlot(key, donor, donorLength);
        if (slot is null)
        {
            return false;
        }

        if (slot == donor)
        {
            (ownLength, donorLength) = (donorLength, 0);
        }

        ownLength = Rewind(slot, tokens, ownLength);
        kv.SetRunning(slot, true);
        if (donor is { Count: > 0 } && donor != slot && donorLength > ownLength)
        {
            kv.Truncate(slot, ownLength);
            kv.Share(donor, slot, ownLength, donorLength);
        }
        else
        {
            donorLength = ownLength;
        }

        if (!sequence.Admitted)
        {
            sequence.Reused = new ReusedTokens(Resident: ownLength, SharedPrefix: donorLength - ownLength);
        }

        sequence.BeginAt(slot);
        return true;
    }

    /// <summary>A free slot, or the donor itself where nobody owns it and the prompt goes on where it ends.</summary>
    private KvSlot? TakeSlot(string? key, KvSlot? donor, int donorLength)
    {
        if (donor is { Running: false, Pinned: false, Key: null } && donorLength >= donor.Count - 8)
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

    private static int CellsAlreadyRunning(KvSlot? donor, int length) => donor is { Running: true } ? length : 0;
}
