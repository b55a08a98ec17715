using HybridConversations.Routing;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>Sends every turn to the cloud.</summary>
internal sealed class CloudRouter : IRouter
{
    public RouteDecision Decide(in RouteRequest request) => new(RouteTarget.Cloud, 1, "A test said so.", "test");
}
