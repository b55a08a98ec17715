using HybridConversations.Conversations;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Routing;

namespace HybridConversations.Orleans.Hosting;

/// <summary>What a silo of the fleet is made of.</summary>
public sealed record SiloSettings
{
    public FleetOptions Fleet { get; init; } = new();

    /// <summary>Its device; null for a gateway, which hosts no model. The silo's name must be the device's id.</summary>
    public Func<IServiceProvider, IDevice>? Device { get; init; }

    /// <summary>Bounds and defaults of conversations; the same on every silo.</summary>
    public ConversationOptions Conversations { get; init; } = new();

    /// <summary>Null: everything is answered by devices.</summary>
    public Func<IServiceProvider, IRouter>? Router { get; init; }

    /// <summary>Cloud endpoints that this silo can reach, by name. One grain in the fleet asks each.</summary>
    public IReadOnlyDictionary<string, Func<IServiceProvider, IEscalation>> Escalations { get; init; } = new Dictionary<string, Func<IServiceProvider, IEscalation>>();

    /// <summary>Name of the endpoint that conversations of this silo escalate to; null for none. Any silo of the fleet may be the one that reaches it.</summary>
    public string? Escalation { get; init; }

    /// <summary>What a voice says while the cloud thinks; null for nothing.</summary>
    public Bridge? Bridge { get; init; }
}
