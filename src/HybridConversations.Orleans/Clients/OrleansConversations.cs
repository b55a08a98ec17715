using HybridConversations.Cluster.Grains;
using HybridConversations.Conversations;

namespace HybridConversations.Cluster.Clients;

/// <summary>All conversations of the fleet, for an app or a gateway: over a cluster client, or over a silo's own grain factory. Thread-safe.</summary>
/// <param name="grains">The way into the cluster (<c>IClusterClient</c> or <c>IGrainFactory</c>).</param>
/// <param name="time">For waiting before a turn is sent again.</param>
/// <param name="here">The silo that this runs on; null for a client. When that silo dies, what it was reading is ended.</param>
public sealed class OrleansConversations(IGrainFactory grains, TimeProvider? time = null, SiloAddress? here = null) : IConversations
{
    /// <exception cref="ProblemException"><c>invalid-request</c>: not an id.</exception>
    public IConversation Get(string conversationId) => Conversation.CheckId(conversationId) is { } problem
        ? throw new ProblemException(problem)
        : new OrleansConversation(conversationId, grains.GetGrain<IConversationGrain>(conversationId), time ?? TimeProvider.System, here);

    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        ClusterCall.Run(() => grains.GetGrain<IFleetGrain>(IFleetGrain.Key).List(cursor, limit, cancellationToken), cancellationToken);
}
