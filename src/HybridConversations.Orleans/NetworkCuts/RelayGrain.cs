using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Placement;
using Orleans.Concurrency;
using Orleans.Placement;

namespace HybridConversations.Orleans.NetworkCuts;

/// <summary>Passes calls on, from the silo it lives on.</summary>
[GrainType("relay")]
[Immovable]
[Reentrant]
[OwnSilo]
internal sealed class RelayGrain(IGrainFactory grains, FleetDirectory fleet, ILocalSiloDetails silo) : Grain, IRelayGrain
{
    public async IAsyncEnumerable<ReplyEvent> Say(string conversationId, Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, fleet.Gone(CallerSilo.Current));
        await using var events = To(conversationId).Say(turn, left.Token).GetAsyncEnumerator(left.Token);
        for (var first = true; await CallerSilo.MoveNext(events, silo.SiloAddress, first); first = false)
        {
            yield return events.Current;
        }
    }

    public Task<InterruptResult> Interrupt(string conversationId, string? heard, CancellationToken cancellationToken = default) =>
        To(conversationId).Interrupt(heard, cancellationToken);

    public Task<InterruptResult> InterruptTurn(string conversationId, string turnId, string? heard, CancellationToken cancellationToken = default) =>
        To(conversationId).InterruptTurn(turnId, heard, cancellationToken);

    public Task Listen(string conversationId, SpokenDraft draft, CancellationToken cancellationToken = default) => To(conversationId).Listen(draft, cancellationToken);

    public Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default) =>
        To(conversationId).Read(after, limit, cancellationToken);

    public Task<Deletion?> Forget(string conversationId, CancellationToken cancellationToken = default) => To(conversationId).Forget(cancellationToken);

    public Task<bool> Delete(string conversationId, CancellationToken cancellationToken = default) => To(conversationId).Delete(cancellationToken);

    public Task<TurnRecord?> Find(string conversationId, string turnId, CancellationToken cancellationToken = default) => To(conversationId).Find(turnId, cancellationToken);

    public Task<bool> Change(string conversationId, ConversationChange change, CancellationToken cancellationToken = default) =>
        To(conversationId).Change(change, cancellationToken);

    private IConversationGrain To(string conversationId) => grains.GetGrain<IConversationGrain>(conversationId);
}
