using HybridConversations.Client.Wire;
using HybridConversations.Http.Keys;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Fleet;

/// <summary>Everything below <c>/devices</c>: what may be asked of a device beside answering.</summary>
internal static class DeviceEndpoints
{
    private const double DefaultSeconds = 5;
    private const double MaxSeconds = 60;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/devices").WithTags("Fleet");
        group.MapPost("/{id}/yield", Yield).WithName("yieldDevice").WithSummary("Background work of a device pauses and its steps stay short for a while: something else on its board wants the GPU.")
            .Accepts<YieldBody>(isOptional: true, "application/json").Produces(204).Produces<ProblemDocument>(404, "application/problem+json");
        group.MapDelete("/{id}/yield", (HttpContext context, string id, IActors actors, AuditLog audit) => Ask(context, id, actors, audit, TimeSpan.Zero))
            .WithName("endYield").WithSummary("Ends that.").Produces(204).Produces<ProblemDocument>(404, "application/problem+json");
    }

    private static async Task Yield(HttpContext context, string id, IActors actors, AuditLog audit, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.ReadOptional(context, limits);
        var seconds = DefaultSeconds;
        if (body is not null)
        {
            var members = new JsonMembers(body.RootElement);
            seconds = members.Number("seconds", 0, MaxSeconds) ?? DefaultSeconds;
            members.ThrowIfWrong();
            unknown.Note("POST /devices/{id}/yield", members.Unread);
        }

        await Ask(context, id, actors, audit, TimeSpan.FromSeconds(seconds));
    }

    /// <summary>A device is everybody's: a tenant may not slow the others' work down.</summary>
    private static async Task Ask(HttpContext context, string id, IActors actors, AuditLog audit, TimeSpan time)
    {
        var caller = Caller.Of(context);
        if (caller.Tenant is not null)
        {
            throw new ProblemException(KeyProblems.Forbidden(caller.Role, KeyRole.Admin));
        }

        var truce = actors.Truce ?? throw new ProblemException(ProblemCodes.Missing($"There is no device '{LogText.Of(id)}' here that could hold back."));
        await truce.Yield(id, time, context.RequestAborted);
        audit.Did(context, time > TimeSpan.Zero ? "yield" : "end yield", id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
