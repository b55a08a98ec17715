using HybridConversations.Conversations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.NetworkCuts;

namespace HybridConversations.Orleans.Clients;

/// <summary>All conversations of the fleet, for an app or a gateway: over a cluster client, or over a silo's own grain factory. Thread-safe.</summary>
public sealed class OrleansConversations : IConversations
{
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly SiloAddress? _here;
    private readonly Detours _detours;

    /// <summary>The conversations of a cluster client.</summary>
    /// <param name="grains">The way into the cluster (<c>IClusterClient</c> or <c>IGrainFactory</c>).</param>
    /// <param name="time">For waiting before a turn is sent again.</param>
    public OrleansConversations(IGrainFactory grains, TimeProvider? time = null)
        : this(grains, time, null, stop => Devices(grains, stop))
    {
    }

    /// <param name="grains">The silo's grain factory.</param>
    /// <param name="time">For waiting before a turn is sent again.</param>
    /// <param name="silo">The silo that this runs on. When it dies, what it was reading is ended.</param>
    /// <param name="membership">Who else is there.</param>
    internal OrleansConversations(IGrainFactory grains, TimeProvider time, ILocalSiloDetails silo, IClusterMembershipService membership)
        : this(grains, time, silo.SiloAddress, _ => new([.. membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && member.Name != silo.Name).Select(member => member.Name)]))
    {
    }

    private OrleansConversations(IGrainFactory grains, TimeProvider? time, SiloAddress? here, Func<CancellationToken, ValueTask<IReadOnlyList<string>>> silos)
    {
        (_grains, _time, _here) = (grains, time ?? TimeProvider.System, here);
        _detours = new Detours(grains, silos, _time);
    }

    /// <exception cref="ProblemException"><c>invalid-request</c>: not an id.</exception>
    public IConversation Get(string conversationId) => Conversation.CheckId(conversationId) is { } problem
        ? throw new ProblemException(problem)
        : new OrleansConversation(conversationId, _grains.GetGrain<IConversationGrain>(conversationId), _detours, _time, _here);

    /// <inheritdoc/>
    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        ClusterCall.Run(() => _grains.GetGrain<IFleetGrain>(IFleetGrain.Key).List(cursor, limit, cancellationToken), cancellationToken);

    /// <summary>A client cannot see membership; it asks the fleet. Who cannot even do that goes straight.</summary>
    private static async ValueTask<IReadOnlyList<string>> Devices(IGrainFactory grains, CancellationToken cancellationToken)
    {
        try
        {
            var view = await grains.GetGrain<IFleetGrain>(IFleetGrain.Key).View(cancellationToken);
            return [.. view.Devices.Select(device => device.DeviceId)];
        }
        catch (Exception error) when (ClusterCall.IsLost(error, cancellationToken))
        {
            return [];
        }
    }
}
