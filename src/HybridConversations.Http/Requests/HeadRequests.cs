namespace HybridConversations.Http.Requests;

/// <summary>HEAD on an address that answers GET gets the same head; the web server leaves the body out.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }
}
