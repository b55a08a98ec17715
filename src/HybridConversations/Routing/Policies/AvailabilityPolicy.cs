namespace HybridConversations.Routing;

/// <summary>
/// A cloud that is not there, or whose budget is spent, is not asked: the device answers and says why. A turn that forbids the fallback keeps its target,
/// so that the conversation refuses it with a clear error instead of answering it worse than asked.
/// </summary>
internal sealed class AvailabilityPolicy : IRoutingPolicy
{
    public string Name => "budget";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing) =>
        standing.Target == RouteTarget.Cloud && !context.CloudAvailable && context.Request.Turn.AllowFallback
            ? standing with { Target = RouteTarget.Local, Policy = this }
            : standing;

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => context.Request.Cloud switch
    {
        null => "The cloud would be the better answer, but no cloud endpoint is configured.",
        { Reason: { } reason } => $"The cloud would be the better answer, but cannot be asked: {reason}",
        _ => "The cloud would be the better answer, but cannot be asked right now.",
    };
}
