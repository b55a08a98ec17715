using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>Who comes in, who waits, and how a generation ends.</summary>
internal sealed partial class EngineCore
{
    private void EndCancelled()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Generation.Cancelled)
            {
                End(_running[i], FinishReason.Interrupted);
            }
        }

        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting.All[i].Generation.Cancelled)
            {
                End(_waiting.All[i], FinishReason.Interrupted);
            }
        }
    }

    private static bool IsTurnOf(Sequence sequence, string key) => !sequence.ReadAhead && sequence.Request.Key == key;

    /// <summary>A new request of a conversation takes the place of what was read ahead for it and no turn has adopted.</summary>
    private void CancelReadAhead(string key)
    {
        foreach (var ahead in _running.Concat(_waiting.All).Where(s => s.ReadAhead && s.Request.Key == key).ToArray())
        {
            End(ahead, FinishReason.Interrupted);
        }
    }

    private void AdmitWaiting()
    {
        (_needsSlot, _leaving) = (false, null);
        while (_waiting.Next(_view, _options.Scheduler) is { } next)
        {
            if (_running.Count >= _options.Scheduler.MaxRunning)
            {
                if (!ShedReadAhead(next))
                {
                    return;
                }

                continue;
            }

            if (next.Request.DeadlineMs is { } deadline && !next.Admitted && ElapsedMs(next.Generation.AcceptedAt) is var waited && waited > deadline)
            {
                Refuse(next, ProblemCodes.LateReply(deadline, waited));
                continue;
            }

            var reserved = Admission.Reserved(_running, _options.Scheduler.GrowthReserve);
            switch (_admission.TryAdmit(next, reserved, _options.Scheduler.GrowthReserve, NowMs, alone: _running.Count == 0))
            {
                case Admitted.No when ShedReadAhead(next):
                    continue;
                case Admitted.WhenAlone:
                    _leaving = _admission.InTheWay;
                    return;
                case Admitted.No:
                    return; // no overtaking: whoever is next would starve
                case Admitted.WhenSlotIsFree when _kv.LeastRecentlyUsedIdle() is null && ShedReadAhead(next):
                    continue;
                case Admitted.WhenSlotIsFree:
                    _needsSlot = true;
                    return;
            }

            _waiting.Remove(next);
            _running.Add(next);
            if (next.QueuedMs == 0)
            {
                next.QueuedMs = ElapsedMs(next.Generation.AcceptedAt);
            }
        }
    }

    /// <summary>Gives up what was read ahead for somebody who asked. False when there is nothing.</summary>
    private bool ShedReadAhead(Sequence next)
    {
        var ahead = next.ReadAhead ? null : _running.Find(s => s.ReadAhead);
        if (ahead is null)
        {
            return false;
        }

        End(ahead, FinishReason.Interrupted);
        return true;
    }

    private void End(Sequence sequence, FinishReason reason)
    {
        Release(sequence);
        ReplyWriter.Flush(sequence);
        var usage = sequence.Usage();
        var timings = new TurnTimings(sequence.FirstTokenMs, ElapsedMs(sequence.Generation.AcceptedAt), sequence.QueuedMs);
        sequence.Generation.Finish(new GenerationResult(reason, usage, timings));
    }

    private void Refuse(Sequence sequence, Problem problem)
    {
        Release(sequence);
        sequence.Generation.Refuse(new ProblemException(problem));
    }

    /// <summary>A fault of one request ends that request; what the others hold is not touched.</summary>
    private void EndFaulted(Sequence sequence, Exception fault)
    {
        if (sequence.Slot is { } slot && _backend.MaxPosition(slot.Id) >= slot.Count)
        {
            _backend.RemoveRange(slot.Id, slot.Count, -1); // drafts that were computed and not taken
        }

        if (fault is not ProblemException)
        {
            LogFaulted(fault);
        }

        Release(sequence);
        sequence.Generation.Refuse(fault as ProblemException
            ?? new ProblemException(new Problem(ProblemCodes.Internal, 500, "A fault in this request ended it; see the log. Others go on.", true, 1000)));
    }

    /// <summary>Milliseconds until a new request would be done, counting what its conversation's KV saves.</summary>
    private double Estimate(Sequence sequence)
    {
        var held = _kv.Find(sequence.Request.Key) is { } slot ? slot.Tokens.CommonPrefixLength(sequence.Tokens) : 0;
        SequenceView[] others = [.. _running.Concat(_waiting.All).Select(ViewOf)];
        return CompletionEstimate.Milliseconds(ViewOf(sequence) with { Pending = sequence.Pending - held }, sequence.Request.MaxTokens, others, _cost, _options.Scheduler);
    }

    /// <summary>Only a conversation that did not hold its beginning yet has used it.</summary>
    private void CountPrefix(Sequence sequence, KvSlot slot)
    {
        if (sequence.Reused.Resident < sequence.Request.SharedTokens)
        {
            _tiers.CountPrefix(slot, sequence.Request.SharedTokens, NowMs);
        }
    }

    private void Release(Sequence sequence)
    {
        if (!_running.Remove(sequence))
        {
            _waiting.Remove(sequence);
        }

        Vacate(sequence, evict: false);
    }

    private void Vacate(Sequence sequence, bool evict)
    {
        sequence.EndRestore();
        if (sequence.Slot is { } slot)
        {
            sequence.Slot = null;
            _kv.SetRunning(slot, false);
            if (evict || slot.Count == 0)
            {
                _kv.Evict(slot);
            }
            else
            {
                slot.Pinned = sequence.Request.Pin;
                slot.Private |= sequence.Request.Private;
                slot.Settled = sequence.ReadAhead ? Math.Min(slot.Settled, slot.Count) : sequence.PromptTokens;
                CountPrefix(sequence, slot);
                _tiers.MarkDirty(slot, NowMs);
            }
        }
    }
}
