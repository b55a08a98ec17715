using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime.Placement;
using Orleans.Storage;

namespace HybridConversations.Orleans.Placement;

/// <summary>A conversation lives beside its KV state, so that its tokens travel no further than they must.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BesideKvAttribute() : PlacementAttribute(new BesideKvPlacement());

/// <summary>The strategy's name and settings; it has none.</summary>
public sealed class BesideKvPlacement : PlacementStrategy;

/// <summary>
/// In order: where a move says; on the device that holds the KV state, as the stored head says; on the device that would answer soonest; anywhere.
/// </summary>
internal sealed partial class BesideKvDirector(FleetDirectory fleet, FleetPlacement placement, IServiceProvider services, ILogger<BesideKvDirector> logger) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint)
        {
            return hint;
        }

        if (await Holder(target.GrainIdentity) is { } holder && fleet.SiloOf(holder) is { } there && silos.Contains(there) && !fleet.IsLeaving(there))
        {
            return there;
        }

        if (placement.ForNew(placement.Fresh([.. fleet.Devices.Where(device => silos.Contains(device.Silo))])) is { } soonest)
        {
            return soonest.Silo;
        }

        var staying = Array.FindAll(silos, silo => !fleet.IsLeaving(silo));
        var any = staying.Length > 0 ? staying : silos;
        return any[Random.Shared.Next(any.Length)];
    }

    private async Task<string?> Holder(GrainId grain)
    {
        try
        {
            var storage = services.GetRequiredKeyedService<IGrainStorage>(FleetOptions.StorageName);
            return (await new RecordStore(storage, grain).Read<ConversationRecord>(RecordStore.Head)).Record.Head?.Kv?.DeviceId;
        }
        catch (Exception error)
        {
            LogUnknownHolder(error, grain);
            return null; // a place beside the KV is a matter of speed
        }
    }

    [LoggerMessage(310, LogLevel.Warning, "Where the KV state of {Grain} is could not be read")]
    private partial void LogUnknownHolder(Exception error, GrainId grain);
}
