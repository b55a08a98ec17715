using HybridConversations.Conversations;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Routing;

namespace HybridConversations.Orleans.Hosting;

/// <summary>What a silo of the fleet is made of.</summary>
public sealed record SiloSettings
{
    /// <summary>How the silo takes part in its fleet.</summary>
    public FleetOptions Fleet { get; init; } = new();

    /// <summary>Its device; null for a gateway, which hosts no model. The silo's name must be the device's id.</summary>
    public Func<IServiceProvider, IDevice>? Device { get; init; }

    /// <summary>Bounds and defaults of conversations; the same on every silo.</summary>
    public ConversationOptions Conversations { get; init; } = new();

    /// <summary>Null: everything is answered by devices. Not asked while no silo of the fleet has an endpoint.</summary>
    public Func<IServiceProvider, IRouter>? Router { get; init; }

    /// <summary>Cloud endpoints that this silo can reach, by name. Any conversation of the fleet may escalate to them; one grain in the fleet asks each.</summary>
    public IReadOnlyDictionary<string, EscalationSettings> Escalations { get; init; } = new Dictionary<string, EscalationSettings>();

    /// <summary>Name of the endpoint that conversations of this silo escalate to where the fleet has it; else, and for null, the first by name that can be asked.</summary>
    public string? Escalation { get; init; }
}
