using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Doors;

/// <summary>
/// Refuses what a page of a foreign origin sends, unless its origin is allowed: a browser asks nobody before it sends a simple POST, and its cookies of no kind are needed here
/// to interrupt or delete. Reading is the browser's own rule (CORS); a WebSocket has none, so its handshake counts as sending.
/// </summary>
internal sealed class OriginDoor(RequestDelegate next, DoorOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || IsReading(context) || IsOwn(origin, request.Host) || IsAllowed(origin))
        {
            return next(context);
        }

        return ProblemAnswer.Write(context, HttpProblems.ForeignOrigin(origin));
    }

    private bool IsAllowed(string origin) => options.AllowedOrigins.Any(allowed => allowed == "*" || allowed.TrimEnd('/').Equals(origin, StringComparison.OrdinalIgnoreCase));

    private static bool IsReading(HttpContext context) =>
        !context.WebSockets.IsWebSocketRequest
        && !context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method));

    /// <summary>The scheme is left out: a proxy in front may have taken TLS off.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        origin.IndexOf("://", StringComparison.Ordinal) is var at and > 0
        && origin.AsSpan(at + 3).Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
