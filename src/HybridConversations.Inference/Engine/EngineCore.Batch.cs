using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Speculation;

namespace HybridConversations.Inference.Engine;

/// <summary>One step's batch: plan, room, rows, what was computed, and the tokens sampled from it.</summary>
internal sealed partial class EngineCore
{
    /// <summary>
    /// Units of work (<see cref="Grammar.GrammarWork"/>) of all grammars together after which the others wait for the next step: with the last one, which may take a token's
    /// whole allowance, a step spends at most two million, 20 to 40 ms.
    /// </summary>
    internal long GrammarWorkPerStep { get; init; } = Grammar.GrammarMatcher.WorkPerToken;

    private void BuildPlan()
    {
        if (_views.Length < _running.Count)
        {
            Array.Resize(ref _views, 2 * _running.Count);
        }

        for (var i = 0; i < _running.Count; i++)
        {
            var view = ViewOf(_running[i]);
            _views[i] = _running[i].Restore is null ? view : view with { Pending = 0 };
        }

        BatchPlanner.Plan(_views.AsSpan(0, _running.Count), _cost, _options.Scheduler, _batch.Capacity, _plan);
        if (_backend.Info.HasRunningState)
        {
            StopAtCheckpoints();
        }
        else if (_running is [{ Request.Reproducible: true, Restore: null, Pending: > 1 } only] && _plan.PrefillTokens > 0)
        {
            var (microBatch, end) = (Math.Min(_backend.Info.MicroBatchSize, _batch.Capacity), only.Tokens.Length - 1);
            if (ReadingGrid.From(only.Slot!.Count, end, microBatch) is var from && from < only.Slot.Count)
            {
                only.Forgo(only.Slot.Count - from);
                _kv.Truncate(only.Slot, from);
            }

            var rows = ReadingGrid.Rows(only.Slot.Count, end, _plan.PrefillTokens, microBatch);
            _plan.Rows[0] = _plan.PrefillTokens = rows;
        }
    }

    /// <summary>
    /// Frees the cells that the plan needs, at the cost of a block, or plans less. False when that does not suffice for this step, or when a running sequence had to give way.
    /// </summary>
    private bool MakeRoom()
    {
        while (_kv.Cells.Free < _plan.Total)
        {
            if (!_moved && _tiers.MakeRoom(_plan.Total, needsSlot: false, NowMs))
            {
                _moved = true;
                continue;
            }

            if (_moved && _kv.LeastRecentlyUsedIdle() is not null)
            {
                if (_plan.DecodeRows == 0 || _kv.Cells.Free < _plan.DecodeRows)
                {
                    return false; // the next step frees more
                }

                _plan.ShortenPrompts(_views.AsSpan(0, _running.Count), _kv.Cells.Free - _plan.DecodeRows);
                break;
            }

            var victim = LastInOrder();
            LogGaveWay(victim.Tokens.Length, _running.Count);
            if (_running.Count == 1)
            {
                End(victim, FinishReason.Length); // alone and the memory is full: its context has ended
            }
            else
            {
                _running.Remove(victim);
                Vacate(victim, evict: true);
                _waiting.Add(victim);
            }

            return false;
        }

        return true;
    }

    private void BuildBatch()
    {
        _batch.Clear();
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            sequence.LogitsRow = -1;
            var slot = sequence.Slot!;
            var rows = _plan.Rows[i];
            for (var j = 0; j < rows; j++)
            {
                var position = slot.Count + j;
                var last = position == sequence.Tokens.Length - 1;
                var row = _batch.Add(sequence.Tokens[position], position, slot.Id, last && sequence.Remaining > 0);
                sequence.LogitsRow = last ? row : -1;
            }
        }

        AddDrafts();
    }

    /// <summary>Guessed tokens behind those that decode, where the batch and the memory have room and it pays. Their logits lie in the rows behind the sequence's own.</summary>
    private void AddDrafts()
    {
        foreach (var sequence in _running)
        {
            sequence.Drafted = 0;
        }

        if (!_options.PromptLookup || _plan.PrefillTokens > 0 || _backend.Info.HasRunningState)
        {
            return; // a draft would take the time that somebody's prompt waits for; and a running state cannot be taken back
        }

        // Rows of a sequence must follow each other, so only whoever stands alone in the batch can have them behind its own.
        if (_running.Count != 1 || _running[0] is not { LogitsRow: >= 0, Generated: > 0, Request.Reproducible: false } only || !_lookup.Pays(_cost, 1))
        {
            return;
        }

        var limit = Math.Min(Math.Min(only.Remaining - 1, _batch.Capacity - _batch.Count), _kv.Cells.Free - _plan.Total);
        limit = Math.Min(limit, SequenceLimit(_backend.Info, _options) - only.Tokens.Length - 1);
        foreach (var token in PromptLookup.Draft(only.Tokens, limit))
        {
            _batch.Add(token, only.Tokens.Length + only.Drafted, only.Slot!.Id, wantsLogits: true);
            only.Drafted++;
        }
    }

    private void RecordComputed()
    {
        var now = _time.GetTimestamp();
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            var slot = sequence.Slot!;
            if (_plan.Rows[i] > 0)
            {
                sequence.ServedAt = now;
            }

            for (var j = 0; j < _plan.Rows[i]; j++)
            {
                _kv.Append(slot, sequence.Tokens[slot.Count]);
            }
        }

        _read += _plan.PrefillTokens;
    }

    /// <summary>Samples from all rows that have logits; whoever could not be in the last step because of others' grammars comes first.</summary>
    private void Sample()
    {
        var work = 0L;
        Sample(deferred: true, ref work);
        Sample(deferred: false, ref work);
        GrammarWork = work;
    }

    private void Sample(bool deferred, ref long work)
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var sequence = _running[i];
            if (sequence.LogitsRow < 0 || sequence.Deferred != deferred)
            {
                continue;
            }

            if (work > GrammarWorkPerStep && sequence.Sampler.HasGrammar && !_backend.Info.HasRunningState)
            {
                Defer(sequence);
                continue;
            }

            var before = sequence.Sampler.GrammarWork;
            Sample(sequence);
            work += sequence.Sampler.GrammarWork - before;
            (sequence.LogitsRow, sequence.Deferred) = (-1, false);
        }
    }

    /// <summary>Its token comes from the next step: the last one is computed once more, since logits live no longer than their step.</summary>
    private void Defer(Sequence sequence)
    {
        _kv.Truncate(sequence.Slot!, sequence.Slot!.Count - 1);
        (sequence.LogitsRow, sequence.Deferred) = (-1, true);
    }

    private void Sample(Sequence sequence)
    {
        if (sequence.Remaining <= 0)
        {
            End(sequence, FinishReason.Length); // read ahead: its prompt is computed
            return;
        }

        try
        {
            if (SampleReply(sequence) is { } reason)
            {
                End(sequence, reason);
            }
        }
        catch (Exception fault)
        {
            EndFaulted(sequence, fault); // its sampler, grammar or text: nobody else's business
        }
    }

    /// <summary>The next token, and those behind it for as long as the draft guessed right. Returns why the reply ended; null when it goes on.</summary>
    private FinishReason? SampleReply(Sequence sequence)
    {
        var slot = sequence.Slot!;
        var accepted = 0;
        FinishReason? end;
        while (true)
        {
            end = SampleToken(sequence, sequence.LogitsRow + accepted, out var token);
            if (end is not null || accepted == sequence.Drafted || _batch.Tokens[sequence.LogitsRow + accepted + 1] != token)
            {
                break;
            }

            accepted++;
            _kv.Append(slot, token); // computed in this batch already
        }

        if (sequence.Drafted > 0)
        {
            _lookup.Observe(sequence.Drafted, accepted);
            _draftsAccepted += accepted;
            _drafted += sequence.Drafted;
            _kv.ForgetUnrecorded(slot);
        }

        return end;
    }

    private FinishReason? SampleToken(Sequence sequence, int row, out int token)
    {
        var logits = _backend.Logits(row);
        token = sequence.Sampler.Sample(logits, sequence.Tokens, _scratch);
        if (sequence.Generated == 0)
        {
            sequence.FirstTokenMs = ElapsedMs(sequence.Generation.AcceptedAt);
        }

        _generated++;
        if (token == TokenSampler.Nothing || _backend.IsEndOfGeneration(token))
        {
            return FinishReason.Stop;
        }

        sequence.Sampler.Accept(token);
        sequence.Add(token);
        if (_writer.Write(sequence, token, logits) || sequence.Sampler.IsEnd)
        {
            return FinishReason.Stop;
        }

        return sequence.Remaining <= 0 || sequence.Tokens.Length >= SequenceLimit(_backend.Info, _options) ? FinishReason.Length : null;
    }

    private Sequence LastInOrder()
    {
        var last = _running[0];
        foreach (var sequence in _running)
        {
            if (BatchPlanner.Before(ViewOf(last), ViewOf(sequence), _options.Scheduler))
            {
                last = sequence;
            }
        }

        return last;
    }
}
