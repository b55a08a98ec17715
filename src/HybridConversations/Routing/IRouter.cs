namespace HybridConversations.Routing;

/// <summary>Decides where a turn is answered: in under 100 µs, without a network, with the reason on record. Thread-safe and pure.</summary>
public interface IRouter
{
    /// <summary>Who answers a turn. Called once a turn, takes microseconds, waits for nothing.</summary>
    RouteDecision Decide(in RouteRequest request);
}

/// <summary>What a routing decision may look at.</summary>
public readonly record struct RouteRequest
{
    /// <summary>The turn.</summary>
    public required Turn Turn { get; init; }

    /// <summary>What the conversation knows of spoken wishes for privacy; null where a turn is judged by its own words.</summary>
    public SpokenPrivacy? Privacy { get; init; }

    /// <summary>The conversation's last answered turns, oldest first; a few are enough.</summary>
    public IReadOnlyList<RoutedTurn> Recent { get; init; }

    /// <summary>The device's load; null when unknown.</summary>
    public DeviceStatus? Device { get; init; }

    /// <summary>The cloud endpoint that would be asked; null when none is configured.</summary>
    public EscalationStatus? Cloud { get; init; }

    /// <summary>Whose model made the call that the turn brings the result of; null for a turn without results.</summary>
    public RouteTarget? CalledFrom { get; init; }

    /// <summary>Milliseconds that a whole answer from the cloud has been taking; null when not measured.</summary>
    public double? CloudReplyMs { get; init; }
}

/// <summary>An earlier turn as the router sees it.</summary>
public readonly record struct RoutedTurn(string Text, RouteTarget Target, double Score);

/// <summary>The router of a system without a cloud.</summary>
public sealed class LocalRouter : IRouter
{
    /// <summary>A turn that demands the cloud and nothing else keeps its target: the conversation refuses it rather than answer it worse than asked.</summary>
    public RouteDecision Decide(in RouteRequest request) => request.Turn is { Think: ThinkMode.Cloud, AllowFallback: false, Private: false }
        ? new(RouteTarget.Cloud, 1, "The caller asked for the cloud, and no cloud endpoint is configured.", "demand")
        : new(RouteTarget.Local, 0, "No cloud endpoint is configured.", "local-only");
}
