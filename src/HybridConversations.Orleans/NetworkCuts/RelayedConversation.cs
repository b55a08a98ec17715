using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.NetworkCuts;

/// <summary>A conversation that is talked to through another silo.</summary>
internal sealed class RelayedConversation(string id, IRelayGrain relay) : IRecordedConversation
{
    public IAsyncEnumerable<ReplyEvent> Say(Turn turn, CancellationToken cancellationToken = default) => relay.Say(id, turn, cancellationToken);

    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => relay.Interrupt(id, heard, cancellationToken);

    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default) =>
        relay.InterruptTurn(id, turnId, heard, cancellationToken);

    public Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default) => relay.Listen(id, draft, cancellationToken);

    public Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default) => relay.Read(id, after, limit, cancellationToken);

    public Task<Deletion?> Forget(CancellationToken cancellationToken = default) => relay.Forget(id, cancellationToken);

    public Task<bool> Delete(CancellationToken cancellationToken = default) => relay.Delete(id, cancellationToken);

    public Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default) => relay.Find(id, turnId, cancellationToken);

    public Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default) => relay.Change(id, change, cancellationToken);
}
