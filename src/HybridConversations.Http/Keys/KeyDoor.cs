using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Keys;

/// <summary>
/// Lets in who bears a key, once there are keys, and no further than its role goes. What is public: the dashboard's own files (which hold no data), health, and the description of
/// the API. Everything else, also what is added later, wants a key: to read with GET, to talk with anything else or over a WebSocket.
/// </summary>
internal sealed class KeyDoor(RequestDelegate next, KeyRing keys, AuditLog audit)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsPublic(context.Request))
        {
            await next(context);
            return;
        }

        if (!keys.IsAsked)
        {
            context.Features.Set(Caller.Anyone);
            await next(context);
            return;
        }

        var given = Given(context.Request);
        if (given is null || keys.Find(given) is not { } key)
        {
            audit.Refused(context, given is null ? "no key" : "unknown key");
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await ProblemAnswer.Write(context, KeyProblems.Unauthorized(given is not null));
            return;
        }

        var caller = Caller.Of(key);
        if (Needed(context) is var needed && caller.Role < needed)
        {
            audit.Refused(context, $"key {caller.Id} is for {caller.Role.ToString().ToLowerInvariant()}");
            await ProblemAnswer.Write(context, KeyProblems.Forbidden(caller.Role, needed));
            return;
        }

        context.Features.Set(caller);
        await next(context);
    }

    private static bool IsPublic(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        || ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && (request.Path == "/" || request.Path.StartsWithSegments("/dashboard", StringComparison.Ordinal) || request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal)));

    private static KeyRole Needed(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/orleans", StringComparison.OrdinalIgnoreCase) ? KeyRole.Admin
        : (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && !context.WebSockets.IsWebSocketRequest ? KeyRole.Read
        : KeyRole.Talk;

    private static string? Given(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        var key = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : request.Headers["x-api-key"].ToString().Trim();
        return key.Length == 0 ? null : key;
    }
}
