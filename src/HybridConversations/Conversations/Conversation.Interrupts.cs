namespace HybridConversations.Conversations;

/// <content>Barge-in from outside a turn. Who interrupts is bound to one turn from the beginning, and waits for nothing but its end.</content>
public sealed partial class Conversation
{
    /// <inheritdoc/>
    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => End(null, heard, cancellationToken);

    /// <inheritdoc/>
    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(TextRules.CheckId("turnId", turnId, inPath: false));
        return End(turnId, heard, cancellationToken);
    }

    private async Task<InterruptResult> End(string? named, string? heard, CancellationToken cancellationToken)
    {
        var turnId = named;
        ThrowIfInvalid(heard is null ? [] : TextRules.Check("heard", heard, Limits.MaxTurnCharacters));
        if ((named is null ? _gate.Current : _gate.Find(named)) is { } run)
        {
            var stop = new StopRequest(StopReason.BargeIn, heard);
            run.RequestStop(stop);
            var end = await run.Settled.WaitAsync(cancellationToken);
            if (ReferenceEquals(end.Stop, stop))
            {
                return end.StoreProblem is null
                    ? new InterruptResult(run.TurnId, end.Stored?.Reply, InterruptOutcome.Stopped)
                    : throw new ProblemException(end.StoreProblem);
            }

            turnId = run.TurnId; // It was over already, or someone else ended it. What comes after it is not meant.
        }

        // Speech is heard later than it is made: the last reply may be whole when its listener interrupts.
        var (outcome, turn) = heard is null ? (InterruptOutcome.Unchanged, null) : await CutLast(turnId, heard, cancellationToken);
        turn ??= turnId is null ? null : await _log.FindTurn(turnId, cancellationToken);
        return turn is not null ? new InterruptResult(turn.TurnId, turn.Reply, outcome)
            : named is null ? new InterruptResult(null, null)
            : throw new ProblemException(ProblemCodes.Missing($"Conversation '{_id}' has no turn '{named}'. Nothing was ended."));
    }

    /// <summary>Cuts the reply of the last turn to what was heard of it.</summary>
    /// <param name="turnId">The turn that it must be; null for any.</param>
    /// <param name="heard">What was heard.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    /// <returns>What was done, and to which turn; no turn where it is not the last.</returns>
    private async Task<(InterruptOutcome Outcome, TurnRecord? Turn)> CutLast(string? turnId, string heard, CancellationToken cancellationToken)
    {
        var operation = new object();
        if (!await _gate.TryEnter(operation, cancellationToken))
        {
            return (InterruptOutcome.TooLate, null); // A turn has come since.
        }

        try
        {
            var state = await State(cancellationToken);
            var last = (await _log.ReadTurns(state.Head.LastSequence - 1, 1, cancellationToken)).SingleOrDefault();
            if (last is null || (turnId is not null && last.TurnId != turnId))
            {
                return (InterruptOutcome.TooLate, null);
            }

            if (!RecordedReply.IsSettled(last) || HeardAligner.Align(last.Reply, heard) is not { } kept || kept.Length == last.Reply.Length)
            {
                return (InterruptOutcome.Unchanged, last);
            }

            var cut = last with { Reply = kept, State = TurnState.Interrupted, FinishReason = last.ToolCalls is null ? FinishReason.Interrupted : FinishReason.ToolCalls };
            var head = state.Head with { UpdatedAt = _services.Time.GetUtcNow() };
            _state = null;
            await _store.Update(cut, head);
            _state = state.With(cut, head);
            return (InterruptOutcome.Cut, cut);
        }
        finally
        {
            _gate.Leave(operation);
        }
    }
}
