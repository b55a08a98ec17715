namespace HybridConversations.Http.Page;

/// <summary><c>GET /</c>: a page to chat with and to see the fleet on. Its three files lie inside the program.</summary>
internal static class PageEndpoints
{
    // Nothing from elsewhere, nothing inline: words of a model or of a caller can never become code.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        Map(routes, "/page.js", "page.js", "text/javascript; charset=utf-8");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string name, string type)
    {
        var content = Read(name);
        routes.MapGet(path, async context =>
        {
            context.Response.ContentType = type;
            context.Response.ContentLength = content.Length;
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }).ExcludeFromDescription();
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream("page/" + name)
            ?? throw new InvalidOperationException($"The page's {name} is missing from this build.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
