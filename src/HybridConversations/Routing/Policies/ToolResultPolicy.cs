namespace HybridConversations.Routing;

/// <summary>The result of a call goes on where the call was made: the model that asked knows what for.</summary>
internal sealed class ToolResultPolicy : IRoutingPolicy
{
    public string Name => "tool-result";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing) => standing.IsOpen && context.Request.CalledFrom is { } target
        ? new Verdict(target, target == RouteTarget.Cloud ? 1 : 0, Firmness.Judged, this)
        : standing;

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => verdict.Target == RouteTarget.Cloud
        ? "The result belongs to a call that was made from the cloud."
        : "The result belongs to a call that was made from the device.";
}
