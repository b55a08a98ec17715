namespace HybridConversations.Http.Problems;

/// <summary>What can be wrong with a request before anyone looks at what it asks for.</summary>
internal static class HttpProblems
{
    public static Problem BodyTooLarge(int limit) => new(ProblemCodes.BodyTooLarge, 413,
        $"A body may have {limit} bytes; a turn's text at most {Limits.MaxTurnCharacters} characters. Send less.");

    public static Problem UnsupportedMediaType(string? got) => new(ProblemCodes.MediaType, 415,
        $"Content-Type is '{LogText.Of(got)}'; send 'Content-Type: application/json' (UTF-8).");

    public static Problem UnsupportedEncoding(string got) => new(ProblemCodes.ContentEncoding, 415,
        $"Content-Encoding is '{LogText.Of(got)}'; send the body as it is, without Content-Encoding.");

    /// <summary>501: another server's address or wish.</summary>
    public static Problem NotDoneHere(string what) => new(ProblemCodes.NotImplemented, 501, what);

    public static Problem NoEmbeddings() => NotDoneHere("This server's model makes no embeddings. Run an embedding model beside it, e.g. with llama-server --embedding.");

    public static Problem NoSuchRoute(HttpRequest request) => ProblemCodes.Missing(
        $"Nothing answers {request.Method} {request.Path}. GET /openapi/v1.json lists what there is.");

    public static Problem MethodNotAllowed(HttpContext context) => new(ProblemCodes.Method, 405,
        $"{context.Request.Path} does not take {context.Request.Method}; it takes {context.Response.Headers.Allow}.");

    public static Problem UnknownHost(string host) => new(ProblemCodes.UnknownHost, 421,
        $"A connection to this machine itself asked for the host '{LogText.Of(host)}'. Ask for localhost or an address; if a proxy passes this name on, allow it with --allowed-hosts.");

    public static Problem ForeignOrigin(string origin) => new(ProblemCodes.ForeignOrigin, 403,
        $"A page of '{LogText.Of(origin)}' sent this. If it should, allow its origin with --allowed-origins.");

    /// <summary>What the web server itself refused: a broken header, a body that came too slowly, and the like.</summary>
    public static Problem BadRequest(BadHttpRequestException exception) => new(ProblemCodes.Invalid, exception.StatusCode, exception.Message);

    public static Problem Of(HttpContext context) => context.Response.StatusCode switch
    {
        404 => NoSuchRoute(context.Request),
        405 => MethodNotAllowed(context),
        415 => UnsupportedMediaType(context.Request.ContentType),
        var status => new Problem(status >= 500 ? ProblemCodes.Internal : ProblemCodes.Invalid, status,
            $"{context.Request.Method} {context.Request.Path} ended with status {status}."),
    };

    /// <summary>500: a fault of ours. What exactly is in the log, not in the answer.</summary>
    public static Problem Fault(string traceId) => new(ProblemCodes.Internal, 500,
        $"Something broke inside the server; its log says what, under '{traceId}'.", Retryable: true);
}
