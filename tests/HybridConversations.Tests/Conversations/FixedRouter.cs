using HybridConversations.Routing;

namespace HybridConversations.Tests.Conversations;

/// <summary>Always decides the same, and remembers what it was shown.</summary>
internal sealed class FixedRouter(RouteTarget target) : IRouter
{
    public RouteRequest LastRequest { get; private set; }

    public RouteDecision Decide(in RouteRequest request)
    {
        LastRequest = request;
        return new RouteDecision(target, 0.9, "The test said so.", "fixed");
    }
}
