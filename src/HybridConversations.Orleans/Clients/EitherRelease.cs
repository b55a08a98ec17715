using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.Clients;

/// <summary>
/// A conversation whose silo, or the silo that relays to it, may still be of the release before: what that does not know is asked for in the calls that it does
/// know. A silo answers a call that it has no type for with a <see cref="TypeLoadException"/>, and has done nothing. (<c>RollingUpgradeTests</c> runs it with two real builds.)
/// </summary>
/// <param name="id">Of the conversation.</param>
/// <param name="way">The way to it.</param>
internal sealed class EitherRelease(string id, IRecordedConversation way) : IRecordedConversation
{
    public IAsyncEnumerable<ReplyEvent> Say(Turn turn, CancellationToken cancellationToken = default) => way.Say(turn, cancellationToken);

    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => way.Interrupt(heard, cancellationToken);

    public async Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default)
    {
        try
        {
            return await way.InterruptTurn(turnId, heard, cancellationToken);
        }
        catch (TypeLoadException)
        {
            return await InterruptIfLast(turnId, heard, cancellationToken);
        }
    }

    public Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default) => way.Listen(draft, cancellationToken);

    public Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default) => way.Read(after, limit, cancellationToken);

    public async Task<Deletion?> Forget(CancellationToken cancellationToken = default)
    {
        try
        {
            return await way.Forget(cancellationToken);
        }
        catch (TypeLoadException)
        {
            // It deletes, has the device that holds the KV state forget, and gives no account.
            return await way.Delete(cancellationToken) ? new Deletion([], []) : null;
        }
    }

    public Task<bool> Delete(CancellationToken cancellationToken = default) => way.Delete(cancellationToken);

    public async Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default)
    {
        try
        {
            return await way.Find(turnId, cancellationToken);
        }
        catch (TypeLoadException)
        {
            for (long? after = 0; after is { } from;)
            {
                var page = await way.Read(from, Limits.MaxPage, cancellationToken);
                if (page?.Turns.FirstOrDefault(turn => turn.TurnId == turnId) is { } found)
                {
                    return found;
                }

                after = page?.Next;
            }

            return null;
        }
    }

    public async Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default)
    {
        try
        {
            return await way.Change(change, cancellationToken);
        }
        catch (TypeLoadException)
        {
            throw new ProblemException(ProblemCodes.Unready($"The silo of conversation '{id}' is of an earlier release, which cannot change records. Send the same request again when it is upgraded.", 5000));
        }
    }

    /// <summary>
    /// The release before ends whatever runs when the call arrives, or cuts the last turn. So it is looked first which turn that is: only one that begins in that very
    /// moment could be ended for another, as that release always did.
    /// </summary>
    private async Task<InterruptResult> InterruptIfLast(string turnId, string? heard, CancellationToken cancellationToken)
    {
        TurnRecord? last = null;
        TurnRecord? meant = null;
        for (long? after = 0; after is { } from;)
        {
            var page = await way.Read(from, Limits.MaxPage, cancellationToken);
            last = page is { Turns.Count: > 0 } ? page.Turns[^1] : last;
            meant ??= page?.Turns.FirstOrDefault(turn => turn.TurnId == turnId);
            after = page?.Next;
        }

        if (meant is null)
        {
            throw new ProblemException(ProblemCodes.Missing($"Conversation '{id}' has no turn '{turnId}'. Nothing was ended."));
        }

        if (heard is null && meant.State != TurnState.Running)
        {
            return new InterruptResult(turnId, meant.Reply, InterruptOutcome.Unchanged);
        }

        if (last!.TurnId != turnId)
        {
            return new InterruptResult(turnId, meant.Reply, InterruptOutcome.TooLate);
        }

        var ended = await way.Interrupt(heard, cancellationToken);
        return ended.TurnId != turnId ? new InterruptResult(turnId, meant.Reply, InterruptOutcome.TooLate)
            : ended with { Outcome = meant.State == TurnState.Running ? InterruptOutcome.Stopped : ended.Reply == meant.Reply ? InterruptOutcome.Unchanged : InterruptOutcome.Cut };
    }
}
