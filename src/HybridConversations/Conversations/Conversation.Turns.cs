using HybridConversations.Routing;

namespace HybridConversations.Conversations;

/// <content>How a turn begins and ends, and what is stored at both.</content>
public sealed partial class Conversation
{
    /// <param name="Events">What to tell the caller at once.</param>
    /// <param name="Reader">Reads the reply under way; null when there is none.</param>
    /// <param name="Received">Characters of that reply that the caller has had.</param>
    private readonly record struct TurnStart(IEnumerable<ReplyEvent> Events, SharedReply.Reader? Reader = null, int Received = 0);

    /// <exception cref="OperationCanceledException">The caller left before anything was stored.</exception>
    private async Task<TurnStart> Begin(Turn turn, CancellationToken cancellationToken)
    {
        if (TurnValidator.Check(turn) is { } invalid)
        {
            return Refused(turn, invalid);
        }

        try
        {
            while (true)
            {
                if (_gate.Find(turn.TurnId) is { } ahead)
                {
                    if (Join(turn, ahead) is { } joined)
                    {
                        return joined;
                    }

                    await ahead.Settled.WaitAsync(cancellationToken);
                }
                else if (await BeginHere(turn, cancellationToken) is { } start)
                {
                    return start;
                }
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return Refused(turn, Explain(error, turn.TurnId));
        }
    }

    /// <summary>Reads along with whoever said this turn before; null when it is being given up.</summary>
    /// <exception cref="ProblemException"><c>turn-id-reused</c>.</exception>
    private static TurnStart? Join(Turn turn, TurnRun ahead)
    {
        if (!SameTurn.Is(turn, ahead.Progress.Turn.Text, ahead.Progress.Turn.ToolResults))
        {
            throw new ProblemException(ProblemCodes.ReusedTurnId(turn.TurnId));
        }

        if (ahead.Reply.TryEnter() is not { } reader)
        {
            return null;
        }

        if (turn.Resumable)
        {
            ahead.Reply.GoOn();
        }

        return new TurnStart([], reader, turn.Received);
    }

    /// <summary>Tells what is on record of a turn, or runs it; null when the same turn came to run meanwhile.</summary>
    private async Task<TurnStart?> BeginHere(Turn turn, CancellationToken cancellationToken)
    {
        var version = _gate.Version;
        var known = await Find(turn, cancellationToken);
        if (known is { State: not TurnState.Running } && RecordedReply.IsSettled(known))
        {
            return Recorded(turn, known);
        }

        var run = new TurnRun(turn, _services, Settle);
        var reader = run.Reply.TryEnter()!;
        var entered = false;
        try
        {
            entered = await _gate.TryEnter(run, ahead => Demand(turn, ahead), cancellationToken);
            if (!entered)
            {
                Abandon(run, entered);
                return null;
            }

            _services.Running.Begin();

            // The same turn may have been answered while this one waited.
            known = _gate.Version == version + 1 ? known : await Find(turn, cancellationToken);
            if (known is null || !RecordedReply.IsSettled(known))
            {
                await Run(run, known, cancellationToken);
                return new TurnStart([], reader);
            }
        }
        catch
        {
            Abandon(run, entered);
            throw;
        }

        Abandon(run, entered);
        return Recorded(turn, known);
    }

    private static TurnStart Recorded(Turn turn, TurnRecord known)
    {
        var rest = new RestOfReply(turn.Received);
        return new TurnStart(RecordedReply.Events(known).Select(rest.Of).OfType<ReplyEvent>());
    }

    private static TurnStart Refused(Turn turn, Problem problem) => new([new ReplyFailed(turn.TurnId ?? "", problem)]);

    private static StopRequest? Demand(Turn turn, TurnRun ahead) =>
        turn.Interrupt ? new StopRequest(StopReason.BargeIn)
        : ahead.IsStuck ? new StopRequest(StopReason.SlowReader)
        : null;

    /// <summary>The turn of this id as it is on record; null when there is none.</summary>
    /// <exception cref="ProblemException"><c>turn-id-reused</c>.</exception>
    private async Task<TurnRecord?> Find(Turn turn, CancellationToken cancellationToken)
    {
        var known = await _log.FindTurn(turn.TurnId, cancellationToken);
        return known is null || SameTurn.Is(turn, known.User, known.ToolResults) ? known : throw new ProblemException(ProblemCodes.ReusedTurnId(turn.TurnId));
    }

    /// <summary>Makes the user's words durable, and begins to answer.</summary>
    private async Task Run(TurnRun run, TurnRecord? earlier, CancellationToken cancellationToken)
    {
        var state = await State(cancellationToken);
        await CheckPlace(run.Progress.Turn, state, cancellationToken);
        Prepare(run, state, earlier);
        if (run.Request is { } overruled)
        {
            // Another one overruled it while it waited, and waits behind it in turn: one write for both its beginning and its end.
            await run.EndUnstarted(overruled);
            return;
        }

        var (stored, head) = (run.Progress.Stored!, run.Progress.Head!);
        _state = null;
        await _store.Append(stored, head);
        _state = state = state.With(stored, head, run.Progress.Replaces);
        run.Progress.OnRecord = true;
        run.Start(new TurnAnswer(_services, state, run.Progress, new CallRecord(_store, state, run.Progress)).Stream);
        if (run.Progress.Turn.Resumable)
        {
            run.Reply.GoOn();
        }
    }

    /// <exception cref="ProblemException"><c>turn-not-last</c>, or <c>not-found</c>: the turn that this one wants to follow is not there.</exception>
    private async Task CheckPlace(Turn turn, ConversationState state, CancellationToken cancellationToken)
    {
        if (turn.After is not { } after)
        {
            return;
        }

        var last = state.Head.LastSequence == 0 ? null : (await _log.ReadTurns(state.Head.LastSequence - 1, 1, cancellationToken)).SingleOrDefault();
        if (last?.TurnId == turn.TurnId)
        {
            return; // an earlier attempt, which had followed it
        }

        if (last?.TurnId != after || last.IsErased)
        {
            throw await _log.FindTurn(after, cancellationToken) is null or { IsErased: true }
                ? new ProblemException(ProblemCodes.Missing($"Conversation '{_id}' has no turn '{after}' that turn '{turn.TurnId}' could follow."))
                : new ProblemException(ProblemCodes.NotLast(after));
        }
    }

    private void Prepare(TurnRun run, ConversationState state, TurnRecord? earlier)
    {
        var (progress, turn) = (run.Progress, run.Progress.Turn);
        var sequence = state.Head.LastSequence + 1;
        var tools = turn.Tools is null ? state.Head.Tools : turn.Tools.Count > 0 ? turn.Tools : null;
        ThrowIfInvalid(turn.ToolChoice is { } choice ? ToolRules.Check(choice, tools ?? []) : []);
        progress.Answered = AnsweredCalls.Of(turn.ToolResults, state, earlier);
        progress.Replaces = earlier?.Sequence ?? 0;
        var before = EarlierMessages.Privacy(turn.Earlier, state.Head.PrivacyWish);
        progress.Privacy = SpokenPrivacy.Of(turn.Text, before.Wish);
        progress.Stored = new TurnRecord
        {
            Sequence = sequence,
            TurnId = turn.TurnId,
            User = turn.Text,
            State = TurnState.Running,
            Private = turn.Private || before.Covers || progress.Privacy.Covers || progress.Answered.Private || earlier is { Private: true },
            ToolResults = progress.Answered.OnRecord,
            Earlier = turn.Earlier.Count > 0 ? turn.Earlier : null,
            Note = turn.Note,
            StartedAt = progress.AcceptedAt,
        };
        progress.Head = state.Head with
        {
            System = state.Head.LastSequence == 0 ? state.Head.System ?? turn.System : state.Head.System,
            Turns = state.Head.Turns + (earlier is null ? 1 : 0),
            LastSequence = sequence,
            Tools = tools,
            OpenCalls = progress.Answered.Remaining(state.Head.OpenCalls),
            PrivacyWish = progress.Privacy.Wish,
            WindowAfter = state.WindowAfter(sequence, _services.Options, keepsLast: turn.ToolResults.Count > 0),
            UpdatedAt = progress.AcceptedAt,
            BegunAt = state.Head.LastSequence == 0 ? state.Head.BegunAt ?? progress.AcceptedAt : state.Head.BegunAt,
        };
    }

    private void Abandon(TurnRun run, bool entered)
    {
        if (entered)
        {
            _services.Running.End();
            _gate.Leave(run);
        }

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
        await (run.Progress.OnRecord ? _store.Update(turn, head) : _store.Append(turn, head));
        _state = state?.With(turn, head, run.Progress.Replaces);
        if (failure is not null)
        {
            _services.Logger.LogTurnFailed(_id, turn.TurnId, failure.Code, failure.Detail);
        }

        TurnTelemetry.End(_id, run.Progress, turn, _services.Options.TraceContent);
        _services.Logger.LogTurnEnded(_id, turn.TurnId, turn.State, turn.AnsweredBy, turn.Usage?.CompletionTokens ?? 0, turn.Timings?.TotalMs ?? 0);
        return new TurnOutcome(last, turn, end.Stop);
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
