using HybridConversations.Inference.KvCache;

namespace HybridConversations.Inference.Engine;

/// <summary>Where checkpoints of a running state are taken while a prompt is read: behind what others begin with too, at its end, and every so often in between.</summary>
internal sealed partial class EngineCore
{
    /// <summary>Tokens of a prompt after which another checkpoint is worth its memory: what is read again at most when its reading is broken off.</summary>
    private const int BetweenCheckpoints = 1024;

    /// <summary>Lets each prompt's rows end where a checkpoint is to be taken.</summary>
    private void StopAtCheckpoints()
    {
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            var (from, rows) = (sequence.Slot!.Count, _plan.Rows[i]);
            foreach (var stop in (ReadOnlySpan<int>)[sequence.Request.SharedTokens, sequence.PromptTokens])
            {
                if (rows > 1 && stop > from && stop < from + rows)
                {
                    _plan.PrefillTokens -= rows - (stop - from);
                    _plan.Rows[i] = rows = stop - from;
                }
            }
        }
    }

    /// <summary>After a step: takes the checkpoints that are due, before the next token changes the state.</summary>
    private void TakeCheckpoints()
    {
        for (var i = 0; i < _running.Count && _backend.Info.HasRunningState; i++)
        {
            var (sequence, slot) = (_running[i], _running[i].Slot!);
            var reads = _plan.Rows[i] > 0 && slot.Count <= sequence.PromptTokens;
            if (reads && (slot.Count == sequence.Request.SharedTokens || slot.Count == sequence.PromptTokens || slot.Count - LastCheckpoint(slot) >= BetweenCheckpoints))
            {
                _tiers.TakeCheckpoint(slot);
            }
        }
    }

    private static int LastCheckpoint(KvSlot slot) => slot.Checkpoints is [.., var last] ? last.From : 0;
}
