namespace HybridConversations.Routing;

/// <summary>
/// One reason to answer here or there. The router asks its policies in order; each sees what stands so far and leaves it or replaces it.
/// Policies are stateless, thread-safe and allocate nothing.
/// </summary>
internal interface IRoutingPolicy
{
    /// <summary>As it stands in <see cref="RouteDecision.Policy"/>.</summary>
    string Name { get; }

    /// <summary>What stands after this policy.</summary>
    Verdict Decide(scoped ref RoutingContext context, Verdict standing);

    /// <summary>One sentence for a person; asked only of the policy whose verdict stood at the end.</summary>
    string Explain(scoped ref RoutingContext context, Verdict verdict);
}
