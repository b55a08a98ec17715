using System.Collections.Concurrent;
using HybridConversations.Conversations;

namespace HybridConversations.Orleans.Fleet;

/// <summary>Chooses among the fleet's endpoints by what silos reported: the preferred one, else the first by name that can be asked.</summary>
/// <param name="endpoints">The fleet's endpoints.</param>
/// <param name="preferred">Taken where the fleet has it; null for none.</param>
/// <param name="here">This silo, which will be the reader.</param>
/// <param name="grains">The way to the grains that ask.</param>
/// <param name="time">For waiting until a silo that leaves has been replaced.</param>
internal sealed class FleetEscalationPicker(FleetCloudEndpoints endpoints, string? preferred, ILocalSiloDetails here, IGrainFactory grains, TimeProvider time) : IEscalationPicker
{
    private readonly ConcurrentDictionary<string, EscalationLink> _links = new(StringComparer.Ordinal);

    public EscalationChoice? Pick(string tenant)
    {
        EscalationChoice? first = null;
        foreach (var endpoint in endpoints.All)
        {
            var status = endpoint.For(tenant);
            var choice = new EscalationChoice(_links.GetOrAdd(endpoint.Name, name => new EscalationLink(name, here.SiloAddress, grains, time)), status, endpoint.Bridge);
            if (endpoint.Name == preferred)
            {
                return choice;
            }

            if (first is null || (!first.Status.Available && status.Available))
            {
                first = choice;
            }
        }

        return first;
    }
}
