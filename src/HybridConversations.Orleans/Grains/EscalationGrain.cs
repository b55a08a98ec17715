using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Placement;
using Orleans.Concurrency;

namespace HybridConversations.Orleans.Grains;

/// <summary>Hosts the one object of the fleet that asks a cloud endpoint.</summary>
[GrainType("escalation")]
[KeepAlive]
[Reentrant]
[EndpointSilos]
internal sealed class EscalationGrain(CloudEndpoints endpoints) : Grain, IEscalationGrain
{
    public async IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var e in endpoints.Get(this.GetPrimaryKeyString()).Ask(request, cancellationToken))
        {
            yield return e;
        }
    }

    public ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default) =>
        endpoints.Get(this.GetPrimaryKeyString()).Status(tenant, cancellationToken);
}
