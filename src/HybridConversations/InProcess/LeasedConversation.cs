using System.Runtime.CompilerServices;

namespace HybridConversations.InProcess;

/// <summary>A conversation by its id: takes a lease on the object for each call, so that callers may keep this for as long as they like.</summary>
internal sealed class LeasedConversation(string id, ConversationTable table) : IConversation, IConversationRecord
{
    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var (lease, refusal) = TryRent();
        using (lease)
        {
            if (lease is null)
            {
                yield return new ReplyFailed(turn.TurnId ?? "", refusal!);
                yield break;
            }

            await foreach (var e in lease.Conversation.Say(turn, cancellationToken))
            {
                yield return e;
            }
        }
    }

    public async Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.Interrupt(heard, cancellationToken);
    }

    public async Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.InterruptTurn(turnId, heard, cancellationToken);
    }

    public async Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        await lease.Conversation.Listen(draft, cancellationToken);
    }

    public async Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.Read(after, limit, cancellationToken);
    }

    public async Task<Deletion?> Forget(CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.Forget(cancellationToken);
    }

    public async Task<bool> Delete(CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.Delete(cancellationToken);
    }

    public async Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.Find(turnId, cancellationToken);
    }

    public async Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default)
    {
        using var lease = table.Rent(id);
        return await lease.Conversation.Change(change, cancellationToken);
    }

    private (ConversationTable.Lease? Lease, Problem? Refusal) TryRent()
    {
        try
        {
            return (table.Rent(id), null);
        }
        catch (ProblemException error)
        {
            return (null, error.Problem);
        }
    }
}
