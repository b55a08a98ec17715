using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>What a step does for states that leave the KV memory or come back: one block's work, however long they are.</summary>
internal sealed partial class EngineCore
{
    /// <summary>Tokens of a reply for whose cells room is made before they are needed.</summary>
    private const int GrowthAhead = 32;

    /// <summary>Whose state is coming back at the moment; the others wait for their turn.</summary>
    private Sequence? _restoring;

    /// <summary>Who leaves so that the head of the queue has the memory for itself.</summary>
    private KvSlot? _leaving;

    /// <summary>Makes room where there soon will be too little, else brings a block back. False when nothing was done.</summary>
    private bool MoveBlock()
    {
        if (_leaving is not null)
        {
            _tiers.Leave(_leaving, NowMs);
            return true;
        }

        var wanted = Math.Min(SoonNeeded(), _kv.Cells.Capacity - _kv.Cells.HeldByRunning);
        return ((_kv.Cells.Free < wanted || (_needsSlot && !_kv.HasEmpty)) && _tiers.MakeRoom(wanted, _needsSlot, NowMs)) || RestoreOne();
    }

    private int SoonNeeded()
    {
        var sum = 0;
        foreach (var sequence in _running)
        {
            sum += sequence.Pending + Math.Clamp(sequence.Remaining, 0, Math.Min(GrowthAhead, _options.Scheduler.GrowthReserve));
        }

        return sum;
    }

    /// <summary>Brings back the next block of whoever comes first: one after the other, so that what several share is brought back once.</summary>
    private bool RestoreOne()
    {
        while (FirstRestoring() is { } sequence)
        {
            if (_restoring != sequence)
            {
                _restoring?.Restore?.LetGo();
                _restoring = sequence;
            }

            _admission.ShareMeanwhile(sequence);
            var restored = RestoreNext(sequence);
            if (restored == Restored.Block)
            {
                return true;
            }

            if (restored == Restored.Waits)
            {
                return false;
            }

            if (restored == Restored.NeedsCells && _tiers.MakeRoom(KvBlockId.BlockTokens, needsSlot: false, NowMs))
            {
                return true;
            }

            sequence.EndRestore(); // all is back that can come back; the rest is read
        }

        _restoring = null;
        return false;
    }

    private Restored RestoreNext(Sequence sequence)
    {
        var (slot, restore) = (sequence.Slot!, sequence.Restore!);
        var before = slot.Count;
        var restored = _tiers.Restore(slot, restore, sequence.Tokens, error => LoadFailed(sequence, error));
        var tokens = slot.Count - before;
        sequence.Reuse(parked: restore.FromDisk ? 0 : tokens, snapshot: restore.FromDisk ? tokens : 0);
        if (restored == Restored.Block && restore.IsWhole)
        {
            sequence.EndRestore();
        }

        return restored;
    }

    private Sequence? FirstRestoring()
    {
        Sequence? first = null;
        foreach (var sequence in _running)
        {
            if (sequence.Restore is not null && (first is null || BatchPlanner.Before(ViewOf(sequence), ViewOf(first), _options.Scheduler)))
            {
                first = sequence;
            }
        }

        return first;
    }

    private void LoadFailed(Sequence sequence, Exception error)
    {
        LogNotLoaded(error);
        if (sequence.Restore is not null)
        {
            Refuse(sequence, new Problem(ProblemCodes.Internal, 503, "Reading it from disk failed; see the log. Send the turn again.", true, 1000));
        }
    }

    [Microsoft.Extensions.Logging.LoggerMessage(3, Microsoft.Extensions.Logging.LogLevel.Error, "A conversation's KV could not be loaded; its request was refused.")]
    private partial void LogNotLoaded(Exception error);
}
