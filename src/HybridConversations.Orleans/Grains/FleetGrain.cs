using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Orleans.Concurrency;

namespace HybridConversations.Orleans.Grains;

/// <summary>Collects what silos report. Holds nothing that could be lost: a new activation has heard of everyone within a period. Tells each silo of a sample: with everyone told of everyone, what travels would grow
/// with the square of the fleet.</summary>
[GrainType("fleet")]
[KeepAlive]
[Reentrant]
internal sealed class FleetGrain(FleetDirectory fleet, FleetCloudEndpoints endpoints, IConversationIndex index, IGrainFactory grains) : Grain, IFleetGrain
{
    private static readonly TimeSpan CloudLimit = TimeSpan.FromSeconds(2);

    public Task<FleetSnapshot> Report(SiloReport report)
    {
        fleet.Learn(report);
        return Task.FromResult(fleet.SampleFor(report));
    }

    public async ValueTask<FleetView> View(CancellationToken cancellationToken = default)
    {
        var clouds = await Task.WhenAll(endpoints.All.Select(endpoint => Status(endpoint, cancellationToken)));
        return new FleetView([.. fleet.All.Select(device => device.Status)], clouds);
    }

    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) => index.List(cursor, limit);

    /// <summary>As reported; an endpoint that nobody has asked since the fleet started is looked up in its books.</summary>
    private async Task<EscalationStatus> Status(FleetCloudEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Outlook is not null || !endpoint.Reachable)
        {
            return endpoint.For("");
        }

        try
        {
            return await grains.GetGrain<IEscalationGrain>(endpoint.Name).Status("", cancellationToken).AsTask().WaitAsync(CloudLimit, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new EscalationStatus(endpoint.Name, false, error.Message, 0, 0, 0);
        }
    }
}
