using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace HybridConversations.Orleans.Contracts;

/// <summary>Who is there. One per cluster, key <see cref="Key"/>; keeps nothing that its silos do not tell it again within a report period.</summary>
[Alias("hc.fleet")]
[Version(1)]
public interface IFleetGrain : IGrainWithStringKey, IFleet
{
    /// <summary>Key of the one grain.</summary>
    const string Key = "fleet";

    /// <summary>A silo says how it is, and hears how a sample of the others is (all of them, in a small fleet).</summary>
    [Alias("report")]
    [AlwaysInterleave]
    Task<FleetSnapshot> Report(SiloReport report);

    /// <summary>A page of the list of conversations, most recently used first.</summary>
    [Alias("list")]
    [AlwaysInterleave]
    Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default);
}
