namespace HybridConversations.Routing;

/// <summary>The router of a fleet, whose endpoints come and go: the given one while there is an endpoint, and <see cref="LocalRouter"/> while there is none.</summary>
/// <param name="router">Decides while there is one.</param>
public sealed class EndpointAwareRouter(IRouter router) : IRouter
{
    private static readonly LocalRouter Local = new();

    /// <inheritdoc/>
    public RouteDecision Decide(in RouteRequest request) => request.Cloud is null ? Local.Decide(in request) : router.Decide(in request);
}
