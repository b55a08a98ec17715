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

    /// <summary>A new request of a conversation takes the place of what was read or guessed ahead for it.</summary>
    private void CancelGuesses(string key)
    {
        foreach (var guess in _running.Concat(_waiting.All).Where(s => s.Request.Speculative && s.Request.Key == key).ToArray())
        {
            End(guess, FinishReason.Interrupted);
        }
    }

    private void AdmitWaiting()
    {
        while (_waiting.Next(_view, _options.Scheduler) is { } next)
        {
            if (_running.Count >= _options.Scheduler.MaxRunning)
            {
                if (!ShedGuess(next))
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

            switch (_admission.TryAdmit(next, Admission.Reserved(_running, _options.Scheduler.GrowthReserve), _options.Scheduler.GrowthReserve))
            {
                case Admitted.No when ShedGuess(next):
                    continue;
                case Admitted.No:
                    return; // no overtaking: whoever is next would starve
                case Admitted.AfterLoading:
                    _ = Load(next);
                    continue;
            }

            _waiting.Remove(next);
            _running.Add(next);
            if (next.QueuedMs == 0)
            {
                next.QueuedMs = ElapsedMs(next.Generation.AcceptedAt);
            }
        }
    }

    /// <summary>Gives up a guess for somebody who asked. False when there is none.</summary>
    private bool ShedGuess(Sequence next)
    {
        var guess = next.Class == ServiceClass.Speculative ? null : _running.Find(s => s.Class == ServiceClass.Speculative);
        if (guess is null)
        {
            return false;
        }

        End(guess, FinishReason.Interrupted);
        return true;
    }

    /// <summary>Fetches a sequence's KV from disk while others go on.</summary>
    private async Task Load(Sequence sequence)
    {
        sequence.DiskState = DiskState.Loading;
        var image = await _tiers.LoadAsync(sequence.Request.Key, sequence.Request.SharedTokens, sequence.Tokens[..^1].ToArray());
        _post(core => core.Loaded(sequence, image));
    }

    private void Loaded(Sequence sequence, KvImage? image)
    {
        sequence.DiskState = DiskState.Asked;
        if (_waiting.All.Contains(sequence))
        {
            sequence.Loaded = image;
        }
        else
        {
            image?.Dispose(); // cancelled meanwhile
        }
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
            ?? new ProblemException(new Problem(ProblemCodes.Internal, 500, "The reply failed.", "A fault in this request ended it; see the log. Others go on.", true, 1000)));
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
        sequence.TakeLoaded()?.Dispose();
    }

    private void Vacate(Sequence sequence, bool evict)
    {
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
                slot.Settled = sequence.Class == ServiceClass.Speculative ? Math.Min(slot.Settled, slot.Count) : sequence.PromptTokens;
                CountPrefix(sequence, slot);
                _tiers.MarkDirty(slot, NowMs);
            }
        }
    }
}
