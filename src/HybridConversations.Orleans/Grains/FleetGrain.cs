using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Orleans.Concurrency;

namespace HybridConversations.Orleans.Grains;

/// <summary>Collects what silos report. Holds nothing that could be lost: a new activation has heard of everyone within a period.</summary>
[GrainType("fleet")]
[KeepAlive]
[Reentrant]
internal sealed class FleetGrain(FleetDirectory fleet, IConversationIndex index, IGrainFactory grains) : Grain, IFleetGrain
{
    private const string Tenant = "default";
    private static readonly TimeSpan CloudLimit = TimeSpan.FromSeconds(2);

    public Task<FleetSnapshot> Report(SiloReport report)
    {
        fleet.Learn(report);
        return Task.FromResult(fleet.Snapshot);
    }

    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default)
    {
        var snapshot = fleet.Snapshot;
        var endpoints = snapshot.Silos.SelectMany(silo => silo.Endpoints).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var clouds = await Task.WhenAll(endpoints.Select(endpoint => Status(endpoint, cancellationToken)));
        return new FleetView([.. fleet.All.Select(device => device.Status)], clouds);
    }

    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) => index.List(cursor, limit);

    private async Task<EscalationStatus> Status(string endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IEscalationGrain>(endpoint).Status(Tenant, cancellationToken).AsTask().WaitAsync(CloudLimit, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new EscalationStatus(endpoint, false, error.Message, 0, 0, 0);
        }
    }
}
