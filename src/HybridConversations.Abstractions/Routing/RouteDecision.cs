namespace HybridConversations;

/// <summary>Where a turn is answered.</summary>
public enum RouteTarget
{
    /// <summary>A device of the house.</summary>
    Local,

    /// <summary>A cloud endpoint.</summary>
    Cloud,
}

/// <summary>A routing decision with its reason on record.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Score">Probability, 0 to 1, that the turn needs the cloud, as far as the deciding policy knows.</param>
/// <param name="Reason">One sentence for a person.</param>
/// <param name="Policy">Name of the policy that decided.</param>
public sealed record RouteDecision(RouteTarget Target, double Score, string Reason, string Policy);
