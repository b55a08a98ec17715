using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace HybridConversations.Orleans.Placement;

/// <summary>The grain lives on the silo whose name is its key, and nowhere else: a device's grain on the device.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OwnSiloAttribute() : PlacementFilterAttribute(new OwnSiloFilter());

/// <summary>The filter's name and settings; it has none.</summary>
public sealed class OwnSiloFilter : PlacementFilterStrategy
{
    /// <summary>The filter, first of all.</summary>
    public OwnSiloFilter()
        : base(0)
    {
    }
}

/// <summary>Keeps the newest silo of that name: a device that came back may be there twice until the old one is known to be dead.</summary>
internal sealed class OwnSiloDirector(IClusterMembershipService membership) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var name = target.GrainIdentity.Key.ToString();
        var members = membership.CurrentSnapshot.Members;
        return silos.Where(silo => members.TryGetValue(silo, out var member) && member.Name == name && member.Status == SiloStatus.Active)
            .OrderByDescending(silo => silo.Generation).Take(1);
    }
}
