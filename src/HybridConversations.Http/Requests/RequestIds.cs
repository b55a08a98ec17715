namespace HybridConversations.Http.Requests;

/// <summary>
/// Every request has an id: the caller's <c>X-Request-Id</c> where it is one to be logged, else one that is made here. It is in every answer, every line of the log that
/// the request causes, and the reference of a fault.
/// </summary>
internal sealed class RequestIds(RequestDelegate next, ILogger<RequestIds> logger)
{
    public const string Header = "X-Request-Id";
    private const int MaxLength = 128;

    public async Task InvokeAsync(HttpContext context)
    {
        var id = Given(context.Request.Headers[Header]) ?? $"req_{Guid.CreateVersion7():N}";
        context.TraceIdentifier = id;
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            context.Response.Headers[Header] = context.TraceIdentifier;
            return Task.CompletedTask;
        }, context);
        using (logger.BeginScope(new RequestScope(id)))
        {
            await next(context);
        }
    }

    private static string? Given(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or ':') ? id : null;

    /// <summary>What a line of the log says about its request.</summary>
    private sealed class RequestScope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] => index == 0 ? new("RequestId", id) : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => id;
    }
}
