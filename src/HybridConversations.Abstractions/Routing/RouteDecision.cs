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
public sealed record RouteDecision(RouteTarget Target, double Score, string Reason, string Policy)
{
    /// <summary>
    /// The share of the turn's words that the router could judge, 0 to 1: in a language it does not know few, and its score is then no more than what is known of
    /// requests in general and of this one's numbers, formulas and length. Null where the words were not judged.
    /// </summary>
    public double? Known { get; init; }
}
