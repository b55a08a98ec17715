using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>What is done for models with a running state, which exists for the last position of a sequence only and goes back only to where a checkpoint was taken.</summary>
internal sealed partial class ResidentKv
{
    /// <summary>Has the model a running state?</summary>
    public bool HasState => _hasState;

    /// <summary>How many of the first <paramref name="common"/> tokens of a slot its own conversation can go on from.</summary>
    public int OwnReach(KvSlot slot, int common) => common == slot.Count && slot.HasState ? common : Reach(slot, common);

    /// <summary>How many of the first <paramref name="common"/> tokens of a slot others can go on from.</summary>
    private int Reach(KvSlot slot, int common) => _hasState ? Checkpoints.Before(slot.Checkpoints, common)?.From ?? 0 : common;

    /// <summary>Bytes of host memory that the checkpoints of all slots take.</summary>
    public long CheckpointBytes
    {
        get
        {
            var sum = 0L;
            foreach (var slot in _slots)
            {
                sum += slot.CheckpointBytes;
            }

            return sum;
        }
    }

    /// <summary>Takes a checkpoint of a slot over, taken where it ends now.</summary>
    public void Add(KvSlot slot, KvBlock checkpoint)
    {
        Version++;
        slot.Add(checkpoint);
    }

    /// <summary>Forgets the cells from position <paramref name="length"/> on, and the running state with them: it comes back from elsewhere, or <see cref="Settle"/> is called.</summary>
    public void CutCells(KvSlot slot, int length)
    {
        slot.RemoveCheckpoints(behind: length);
        if (length == 0)
        {
            _backend.RemoveRange(slot.Id, -1, -1);
        }
        else if (length < slot.Count)
        {
            _backend.RemoveRange(slot.Id, length, -1);
        }

        slot.HasState = length == 0 || (length >= slot.Count && slot.HasState);
        Drop(slot, Math.Min(length, slot.Count), slot.Count - Math.Min(length, slot.Count));
    }

    /// <summary>Gives a slot that holds just the tokens before it the running state of a checkpoint, and the checkpoint too. False, and nothing was changed, when it is not of them or is refused.</summary>
    public bool Resume(KvSlot slot, KvBlock checkpoint)
    {
        if (checkpoint.From != slot.Count || !checkpoint.IsIntact() || checkpoint.Id != KvBlockId.Checkpoint(slot.Tokens) || !_backend.RestoreCheckpoint(slot.Id, checkpoint.Bytes.Span))
        {
            return false;
        }

        slot.HasState = true;
        if (slot.Checkpoints is not [.., var last] || last.From < checkpoint.From)
        {
            checkpoint.AddReference();
            Add(slot, checkpoint);
        }

        return true;
    }

    /// <summary>Nothing more comes back: a slot without a running state goes back to its last checkpoint.</summary>
    public void Settle(KvSlot slot)
    {
        if (!slot.HasState)
        {
            GoBack(slot, slot.Count);
        }
    }

    /// <summary>Goes back to the last checkpoint that is not behind <paramref name="length"/> tokens, whatever the backend has computed since; to nothing where there is none.</summary>
    public void GoBack(KvSlot slot, int length)
    {
        Version++;
        while (Checkpoints.Before(slot.Checkpoints, length) is { } checkpoint)
        {
            CutCells(slot, checkpoint.From);
            if (Resume(slot, checkpoint))
            {
                return;
            }

            slot.RemoveCheckpoints(behind: checkpoint.From - 1);
        }

        CutCells(slot, 0);
    }
}
