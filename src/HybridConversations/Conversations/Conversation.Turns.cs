namespace HybridConversations.Conversations;

/// <content>How a turn begins and ends, and what is stored at both.</content>
public sealed partial class Conversation
{
    /// <param name="Run">The turn, stored and ready to run for this reader alone.</param>
    /// <param name="Events">What to tell the reader first.</param>
    /// <param name="Shared">The reply that this reader joins.</param>
    private readonly record struct TurnStart(TurnRun? Run, IEnumerable<ReplyEvent> Events, SharedReply? Shared = null);

    /// <exception cref="OperationCanceledException">The caller left before anything was stored.</exception>
    private async Task<TurnStart> Begin(Turn turn, CancellationToken cancellationToken)
    {
        if (TurnValidator.Check(turn) is { } invalid)
        {
            return Refused(turn, invalid);
        }

        try
        {
            if (Running(turn) is { } running)
            {
                return new TurnStart(null, [], running);
            }

            var version = _gate.Version;
            var known = await Find(turn, cancellationToken);
            if (known is not null && RecordedReply.IsSettled(known))
            {
                return Recorded(turn, known);
            }

            var run = new TurnRun(turn, _services.Time, _services.Options.ReaderTimeout, Settle, turn.Resumable ? CancellationToken.None : cancellationToken);
            await _gate.Enter(run, ahead => Demand(turn, ahead), cancellationToken);
            _services.Running.Begin();
            try
            {
                // The same turn may have been answered while this one waited.
                known = _gate.Version == version + 1 ? known : await Find(turn, cancellationToken);
                if (known is null || !RecordedReply.IsSettled(known))
                {
                    await Store(run, known, cancellationToken);
                    return turn.Resumable ? new TurnStart(null, [], Share(run)) : new TurnStart(run, []);
                }
            }
            catch
            {
                Abandon(run);
                throw;
            }

            Abandon(run);
            return Recorded(turn, known);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Refused(turn, Explain(error, turn.TurnId));
        }
    }

    /// <summary>The reply under way that this turn asks for again; null when there is none.</summary>
    /// <exception cref="ProblemException"><c>turn-id-reused</c>.</exception>
    private SharedReply? Running(Turn turn)
    {
        if (turn.Interrupt || Volatile.Read(ref _shared) is not { } shared || shared.TurnId != turn.TurnId || _gate.Running?.TurnId != turn.TurnId)
        {
            return null;
        }

        return shared.Text == turn.Text ? shared : throw new ProblemException(ProblemCodes.ReusedTurnId(turn.TurnId));
    }

    private SharedReply Share(TurnRun run)
    {
        var shared = new SharedReply(run, _services.Time, _services.Options.ResumeGrace);
        Volatile.Write(ref _shared, shared);
        _ = PumpAndForget(shared);
        return shared;
    }

    private async Task PumpAndForget(SharedReply shared)
    {
        await shared.Pump();
        _ = Interlocked.CompareExchange(ref _shared, null, shared);
    }

    private static TurnStart Recorded(Turn turn, TurnRecord known)
    {
        var rest = new RestOfReply(turn.Received);
        return new TurnStart(null, RecordedReply.Events(known).Select(rest.Of).OfType<ReplyEvent>());
    }

    private static TurnStart Refused(Turn turn, Problem problem) => new(null, [new ReplyFailed(turn.TurnId ?? "", problem)]);

    private static StopRequest? Demand(Turn turn, TurnRun ahead) =>
        turn.Interrupt ? new StopRequest(turn.TurnId == ahead.TurnId ? StopReason.SentAgain : StopReason.BargeIn)
        : ahead.IsStuck ? new StopRequest(StopReason.SlowReader)
        : null;

    /// <summary>The turn of this id as it is on record; null when there is none.</summary>
    /// <exception cref="ProblemException"><c>turn-id-reused</c>.</exception>
    private async Task<TurnRecord?> Find(Turn turn, CancellationToken cancellationToken)
    {
        var known = await _log.FindTurn(turn.TurnId, cancellationToken);
        return known is null || known.User == turn.Text ? known : throw new ProblemException(ProblemCodes.ReusedTurnId(turn.TurnId));
    }

    /// <summary>Makes the user's words durable.</summary>
    private async Task Store(TurnRun run, TurnRecord? earlier, CancellationToken cancellationToken)
    {
        var turn = run.Progress.Turn;
        var state = await State(cancellationToken);
        var sequence = state.Head.LastSequence + 1;
        var stored = new TurnRecord
        {
            Sequence = sequence,
            TurnId = turn.TurnId,
            User = turn.Text,
            State = TurnState.Running,
            Private = turn.Private || earlier is { Private: true },
            StartedAt = run.Progress.AcceptedAt,
        };
        var head = state.Head with
        {
            System = state.Head.LastSequence == 0 ? turn.System : state.Head.System,
            Turns = state.Head.Turns + (earlier is null ? 1 : 0),
            LastSequence = sequence,
            WindowAfter = state.WindowAfter(sequence, _services.Options),
            UpdatedAt = run.Progress.AcceptedAt,
        };

        _state = null;
        await _store.Append(stored, head);
        _state = state = state.With(stored, head, earlier?.Sequence ?? 0);
        run.Progress.Stored = stored;
        run.Progress.Head = head;
        var answer = new TurnAnswer(_services, state, run.Progress);
        run.Start(answer.Stream);
    }

    private void Abandon(TurnRun run)
    {
        _services.Running.End();
        _gate.Leave(run);
        run.Abandon();
    }

    /// <summary>Stores how a turn ended and frees the conversation. Never throws.</summary>
    private async Task<TurnOutcome> Settle(TurnRun run, TurnEnd end)
    {
        try
        {
            return end.Stop is { Reason: StopReason.Deleted } deleted
                ? new TurnOutcome(new ReplyFailed(run.TurnId, TurnProblems.Of(deleted, run.TurnId, _id)!), null, deleted)
                : await StoreEnd(run, end);
        }
        catch (Exception error)
        {
            _services.Logger.LogNotStored(error, _id, run.TurnId);
            var problem = Explain(error, run.TurnId);
            return new TurnOutcome(new ReplyFailed(run.TurnId, problem), null, end.Stop, problem);
        }
        finally
        {
            _services.Running.End();
            _gate.Leave(run);
        }
    }

    private async Task<TurnOutcome> StoreEnd(TurnRun run, TurnEnd end)
    {
        var failure = end is { Whole: false, Stop: null } ? Explain(end.Error ?? new InvalidOperationException("A turn ended without a reason."), run.TurnId) : null;
        var (turn, head, last) = TurnEnding.Of(run.Progress, end, failure, _services.Time.GetUtcNow());
        var state = _state;
        _state = null;
        await _store.Update(turn, head);
        _state = state?.With(turn, head);
        if (failure is not null)
        {
            _services.Logger.LogTurnFailed(_id, turn.TurnId, failure.Code, failure.Detail);
        }

        _services.Logger.LogTurnEnded(_id, turn.TurnId, turn.State, turn.AnsweredBy, turn.Usage?.CompletionTokens ?? 0, turn.Timings?.TotalMs ?? 0);
        return new TurnOutcome(last, turn, end.Stop);
    }

    /// <summary>
    /// Speech is heard later than it is made: the last reply may be whole when its listener interrupts. Cuts it to what was heard; null when a turn runs.
    /// </summary>
    private async Task<InterruptResult?> TryCutLast(string heard, CancellationToken cancellationToken)
    {
        var operation = new object();
        try
        {
            await _gate.Enter(operation, _ => null, cancellationToken);
        }
        catch (ProblemException busy) when (busy.Problem.Code == ProblemCodes.TurnInProgress)
        {
            return null;
        }

        try
        {
            var state = await State(cancellationToken);
            var last = (await _log.ReadTurns(state.Head.LastSequence - 1, 1, cancellationToken)).SingleOrDefault();
            if (last is null || !RecordedReply.IsSettled(last) || HeardAligner.Align(last.Reply, heard) is not { } kept || kept.Length == last.Reply.Length)
            {
                return new InterruptResult(null, null);
            }

            var cut = last with { Reply = kept, State = TurnState.Interrupted, FinishReason = FinishReason.Interrupted };
            var head = state.Head with { UpdatedAt = _services.Time.GetUtcNow() };
            _state = null;
            await _store.Update(cut, head);
            _state = state.With(cut, head);
            return new InterruptResult(cut.TurnId, kept);
        }
        finally
        {
            _gate.Leave(operation);
        }
    }

    private Problem Explain(Exception error, string turnId)
    {
        var problem = TurnProblems.From(error, out var reference);
        if (reference is not null)
        {
            _services.Logger.LogInternalError(error, _id, turnId, reference);
        }

        return problem;
    }
}
