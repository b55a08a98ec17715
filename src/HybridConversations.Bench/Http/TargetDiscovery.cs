using System.Net;
using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Http;

/// <summary>Finds out what a server is.</summary>
internal static class TargetDiscovery
{
    private static readonly string[] HealthPaths = ["health/ready", "health"];
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Is the server there and ready to answer?</summary>
    public static async Task<bool> Ready(Endpoint endpoint, CancellationToken cancellationToken)
    {
        foreach (var path in HealthPaths)
        {
            switch (await endpoint.Probe(path, cancellationToken))
            {
                case null or >= HttpStatusCode.InternalServerError:
                    return false;
                case HttpStatusCode.OK:
                    return true;
            }
        }

        // Neither address is known here: a server without health checks is ready when it lists its models.
        return await endpoint.Probe("v1/models", cancellationToken) == HttpStatusCode.OK;
    }

    /// <summary>Waits until the server is ready, at most <paramref name="limit"/>. False when it is not by then or <paramref name="gone"/> says that it never will be.</summary>
    public static async Task<bool> WaitUntilReady(Endpoint endpoint, TimeSpan limit, Func<bool> gone, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (!await Ready(endpoint, cancellationToken))
        {
            if (gone() || clock.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        return true;
    }

    /// <summary>Asks a ready server for its kind and model.</summary>
    /// <param name="endpoint">Where it is.</param>
    /// <param name="model">Model to ask for; null for the first it lists.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="TargetException">It lists no models and none was named.</exception>
    public static async Task<Target> Discover(Endpoint endpoint, string? model, CancellationToken cancellationToken)
    {
        model ??= await FirstModel(endpoint, cancellationToken);
        if (await Try(endpoint, "fleet", cancellationToken) is JsonObject fleet && fleet["devices"] is JsonArray)
        {
            return new Target(endpoint, TargetKind.HybridConversations, model);
        }

        if (await Try(endpoint, "props", cancellationToken) is JsonObject props && props["total_slots"] is JsonValue slots)
        {
            return new Target(endpoint, TargetKind.LlamaServer, model) { Slots = (int)slots, Build = props["build_info"]?.ToString() };
        }

        return new Target(endpoint, TargetKind.OpenAi, model);
    }

    private static async Task<string> FirstModel(Endpoint endpoint, CancellationToken cancellationToken)
    {
        var list = await endpoint.Json(HttpMethod.Get, "v1/models", body: null, cancellationToken);
        return list?["data"] is JsonArray { Count: > 0 } models && models[0]?["id"] is JsonValue id
            ? id.ToString()
            : throw new TargetException($"{endpoint.Name} lists no model at /v1/models; name one with --model.");
    }

    private static async Task<JsonNode?> Try(Endpoint endpoint, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await endpoint.Json(HttpMethod.Get, path, body: null, cancellationToken);
        }
        catch (TargetException)
        {
            return null;
        }
    }
}
