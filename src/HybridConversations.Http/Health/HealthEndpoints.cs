using HybridConversations.Client.Wire;
using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Health;

/// <summary><c>/health/live</c>: the process answers, and its engine does not hang. <c>/health/ready</c>: it should be sent turns. Neither waits behind inference.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health");
        group.MapGet("/live", (Delegate)Live).WithName("live").WithSummary("200 as long as the process answers; 503 when its engine hangs, so that it should be restarted.")
            .Produces<HealthAnswer>().Produces<ProblemDocument>(503, "application/problem+json");
        group.MapGet("/ready", Ready).WithName("ready").WithSummary("200 when turns are welcome; 503 with the reason until then and while stopping.")
            .Produces<HealthAnswer>().Produces<ProblemDocument>(503, "application/problem+json");
    }

    private static Task Live(HttpContext context, IActors actors) => actors.HangingSince is { } since
        ? ProblemAnswer.Write(context, ProblemCodes.Unready(Hanging(since), 1000))
        : JsonAnswer.Write(context, new HealthAnswer("live"), HealthJson.Default.HealthAnswer);

    private static async Task Ready(HttpContext context, Readiness readiness, IActors actors)
    {
        if (await Fault(readiness, actors, context.RequestAborted) is { } reason)
        {
            await ProblemAnswer.Write(context, ProblemCodes.Unready(reason, 1000));
            return;
        }

        await JsonAnswer.Write(context, new HealthAnswer("ready"), HealthJson.Default.HealthAnswer);
    }

    private static string Hanging(DateTimeOffset since) => $"engine step hanging since {since:yyyy-MM-dd'T'HH:mm:ss'Z'}. Restart the process if it does not go on; the log says more.";

    /// <summary>Why turns are not welcome; null when they are.</summary>
    public static async ValueTask<string?> Fault(Readiness readiness, IActors actors, CancellationToken cancellationToken)
    {
        if (readiness.Reason is { } reason)
        {
            return reason;
        }

        var status = await actors.Device.Status(cancellationToken);
        return status.State == DeviceState.Ready ? null
            : status.HangingSince is { } since ? $"Device '{status.DeviceId}': {Hanging(since)}"
            : $"Device '{status.DeviceId}' is {status.State.ToString().ToLowerInvariant()}.";
    }
}
