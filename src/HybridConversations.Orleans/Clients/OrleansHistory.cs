using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.Clients;

/// <summary>
/// Conversations as they are stored, for dashboards: unlike <see cref="IConversation.Read"/> it wakes no conversation and takes no memory of a device. A turn that is
/// being answered is shown as running, without what there is of its reply; one whose silo died is shown as interrupted, as it is there. Thread-safe.
/// </summary>
/// <param name="grains">The way into the cluster.</param>
public sealed class OrleansHistory(IGrainFactory grains)
{
    /// <param name="conversationId">The conversation.</param>
    /// <param name="after">Sequence behind which to begin; 0 for the first turn.</param>
    /// <param name="limit">Turns at most, 1 to <see cref="Limits.MaxPage"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there is no such conversation.</returns>
    /// <exception cref="ProblemException"><c>invalid-request</c>, <c>storage-failed</c>, or <c>device-lost</c>: the cluster did not answer.</exception>
    public Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default) =>
        ClusterCall.Run(() => grains.GetGrain<IHistoryGrain>(IHistoryGrain.Key).Read(conversationId, after, limit, cancellationToken), cancellationToken);
}
