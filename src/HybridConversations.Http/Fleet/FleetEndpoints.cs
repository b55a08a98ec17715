using HybridConversations.Client.Wire;

namespace HybridConversations.Http.Fleet;

/// <summary><c>GET /fleet</c>: the devices and cloud endpoints, and how busy they are.</summary>
internal static class FleetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/fleet", async (HttpContext context, IActors actors) =>
                await JsonAnswer.Write(context, await actors.Fleet.View(context.RequestAborted), WireJson.Answers.FleetView))
            .WithName("fleet").WithTags("Fleet").WithSummary("Devices and cloud endpoints, their models and their load.").Produces<FleetView>();
}
