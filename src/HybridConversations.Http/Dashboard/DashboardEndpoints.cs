using System.Security.Cryptography;

namespace HybridConversations.Http.Dashboard;

/// <summary><c>GET /</c>: the dashboard. Its files lie inside the program, as they are in <c>Web/</c>; there is no build step.</summary>
internal static class DashboardEndpoints
{
    private const string Prefix = "dashboard/";

    // Nothing from elsewhere, nothing inline: words of a model or of a caller can never become code.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var name in typeof(DashboardEndpoints).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var file = name[Prefix.Length..];
            Map(routes, file == "index.html" ? "/" : "/dashboard/" + file, Read(name), TypeOf(file));
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, byte[] content, string type)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
        routes.MapMethods(path, ["GET", "HEAD"], async context =>
        {
            context.Response.ContentType = type;
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Headers.ETag = tag;
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            context.Response.ContentLength = content.Length;
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
            }
        }).ExcludeFromDescription();
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/javascript; charset=utf-8",
    };

    private static byte[] Read(string name)
    {
        using var stream = typeof(DashboardEndpoints).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
