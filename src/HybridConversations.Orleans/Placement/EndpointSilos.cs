using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace HybridConversations.Orleans.Placement;

/// <summary>The grain lives on a silo that can reach the cloud endpoint of its key.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class EndpointSilosAttribute() : PlacementFilterAttribute(new EndpointSilosFilter());

/// <summary>The filter's name and settings; it has none.</summary>
public sealed class EndpointSilosFilter : PlacementFilterStrategy
{
    /// <summary>The filter, first of all.</summary>
    public EndpointSilosFilter()
        : base(0)
    {
    }
}

/// <summary>Keeps the silos that said they know the endpoint.</summary>
internal sealed class EndpointSilosDirector(FleetCloudEndpoints fleet) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var endpoint = EscalationSeat.Parse(target.GrainIdentity.Key.ToString()!).Endpoint;
        return silos.Where(silo => fleet.Reaches(silo, endpoint));
    }
}
