namespace HybridConversations;

/// <summary>How a cloud endpoint is doing, as far as whoever asks it knows without asking: what a router looks at, so that no turn waits to hear it.</summary>
public sealed record EscalationOutlook
{
    /// <summary>Its name in the settings.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Why nobody can ask it right now, in a sentence; null when it can be asked.</summary>
    public string? Unavailable { get; init; }

    /// <summary>Calls under way.</summary>
    public int InFlight { get; init; }

    /// <summary>Money that all tenants together have spent this UTC day.</summary>
    public decimal SpentToday { get; init; }

    /// <summary>Money that all tenants together have spent this UTC month.</summary>
    public decimal SpentThisMonth { get; init; }

    /// <summary>Tenants whose budget has no room for a reply, as far as is known, each with a sentence that says so.</summary>
    public IReadOnlyDictionary<string, string> Spent { get; init; } = new Dictionary<string, string>();

    /// <summary>Can a tenant ask it? The money is that of all tenants.</summary>
    public EscalationStatus For(string tenant)
    {
        var reason = Unavailable ?? Spent.GetValueOrDefault(tenant);
        return new EscalationStatus(Endpoint, reason is null, reason, SpentToday, SpentThisMonth, InFlight);
    }
}
