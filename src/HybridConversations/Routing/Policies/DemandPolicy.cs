namespace HybridConversations.Routing;

/// <summary>What the caller or the tenant demands in the turn itself: <see cref="Turn.Device"/>, or <see cref="Turn.Think"/>.</summary>
internal sealed class DemandPolicy : IRoutingPolicy
{
    public string Name => "demand";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing) => !standing.IsOpen ? standing : context.Request.Turn switch
    {
        { Device: not null } or { Think: ThinkMode.Local } => new Verdict(RouteTarget.Local, 0, Firmness.Demanded, this),
        { Think: ThinkMode.Cloud } => new Verdict(RouteTarget.Cloud, 1, Firmness.Demanded, this),
        _ => standing,
    };

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => verdict switch
    {
        { Target: RouteTarget.Local } when context.Request.Turn.Device is { } device => $"The caller asked for the device '{device}'.",
        { Target: RouteTarget.Local } => "The caller asked for the device's own model.",
        _ => "The caller asked for the cloud.",
    };
}
