using HybridConversations.Conversations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace HybridConversations.Orleans.Grains;

/// <summary>What the conversation grains of a silo share.</summary>
internal sealed class ConversationHost(
    ConversationServices services, IConversationIndex index, FleetDirectory fleet, SiloDrain drain, ILocalSiloDetails silo, ILogger<ConversationHost> logger,
    [FromKeyedServices(FleetOptions.StorageName)] IGrainStorage storage)
{
    public GrainConversationLog OpenLog(string id, GrainId grain, Action onOutOfDate) => new(id, new RecordStore(storage, grain), index, logger, onOutOfDate);

    /// <summary>A log that only reads.</summary>
    public GrainConversationLog LookInto(string id, GrainId grain) => new(id, new RecordStore(storage, grain), index, logger, () => { }, readOnly: true);

    public Conversation Open(string id, GrainConversationLog log) => new(id, log, services);

    /// <summary>The silo leaves: conversations that are idle go elsewhere.</summary>
    public bool Leaves => drain.Begun;

    /// <summary>Cancelled when the silo that reads a reply has died.</summary>
    public CancellationToken Gone(SiloAddress? reader) => fleet.Gone(reader);

    /// <summary>Where a conversation should move to be beside its KV state; null when it need not move.</summary>
    public SiloAddress? BetterPlace(GrainConversationLog log) =>
        log.Kv is { } kv && fleet.SiloOf(kv.DeviceId) is { } there && !there.Equals(silo.SiloAddress) && !fleet.IsLeaving(there) ? there : null;
}
