using HybridConversations.Client.Wire;
using HybridConversations.Http.Keys;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Fleet;

/// <summary>Everything below <c>/fleet</c>: the devices and cloud endpoints, how busy they are, and how they were.</summary>
internal static class FleetEndpoints
{
    private const int MaxWatchers = 256;
    private const int MaxPoints = FleetWatch.Kept;
    private static readonly TimeSpan Longest = FleetWatch.Kept * FleetWatch.Period;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/fleet").WithTags("Fleet");
        group.MapGet("", async (HttpContext context, IActors actors) =>
                await JsonAnswer.Write(context, Own(context, await actors.Fleet.View(context.RequestAborted)), WireJson.Answers.FleetView))
            .WithName("fleet").WithSummary("Devices and cloud endpoints, their models and their load.").Produces<FleetView>();
        group.MapGet("/watch", (HttpContext context, FleetWatch watch) => JsonAnswer.Write(context, Own(context, watch.Last), FleetJson.Default.WatchedFleet))
            .WithName("watchFleet").WithSummary("The fleet as this process last looked at it, with devices that have left or were lost.").Produces<WatchedFleet>();
        group.MapGet("/history", History).WithName("fleetHistory").WithSummary("The last minutes of each device, as series for plots.").Produces<FleetHistory>()
            .Produces<ProblemDocument>(400, "application/problem+json");
        group.MapGet("/events", Events).WithName("fleetEvents").WithSummary("The fleet every two seconds, as server-sent events named fleet.").Produces<string>(200, "text/event-stream");
    }

    /// <summary>A tenant sees the devices, not what all tenants together have spent.</summary>
    private static FleetView Own(HttpContext context, FleetView view) => Caller.Of(context).Tenant is null ? view : view with { Escalations = [] };

    private static WatchedFleet Own(HttpContext context, WatchedFleet fleet) => Caller.Of(context).Tenant is null ? fleet : fleet with { Escalations = [] };

    private static Task History(HttpContext context, FleetWatch watch, string? device, string? minutes, string? points, string? series)
    {
        var names = series?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [.. DeviceSample.Series.Keys];
        if (names.FirstOrDefault(name => !DeviceSample.Series.ContainsKey(name)) is { } unknown)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"series has '{LogText.Of(unknown)}'; there are: {string.Join(", ", DeviceSample.Series.Keys)}."));
        }

        var back = TimeSpan.FromMinutes(QueryValue.Whole("minutes", minutes, 1, (long)Longest.TotalMinutes) ?? (long)Longest.TotalMinutes);
        var count = (int)(QueryValue.Whole("points", points, 2, MaxPoints) ?? 90);
        return JsonAnswer.Write(context, watch.History(device, back, count, names.ToHashSet(StringComparer.Ordinal)), FleetJson.Default.FleetHistory);
    }

    private static async Task Events(HttpContext context, FleetWatch watch, IHostApplicationLifetime lifetime)
    {
        if (watch.Watching >= MaxWatchers)
        {
            await ProblemAnswer.Write(context, ProblemCodes.Overload($"{MaxWatchers} watch the fleet already, the most that this server lets.", 10_000));
            return;
        }

        using var watching = watch.Watch();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var stream = new EventStream(context.Response);
        stream.Start();
        try
        {
            for (var seen = watch.Last; ; seen = await watch.After(seen.Version, stop.Token))
            {
                await stream.Write("fleet", Own(context, seen), FleetJson.Default.WatchedFleet, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader left, or the server stops.
        }
    }
}
