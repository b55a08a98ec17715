namespace HybridConversations.Http.Problems;

/// <summary>The outermost layer: whatever goes wrong inside becomes a problem with a code, never a stack trace.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } && string.IsNullOrEmpty(context.Response.ContentType))
            {
                await ProblemAnswer.Write(context, HttpProblems.Of(context));
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has left: there is nobody to tell.
        }
        catch (Exception exception)
        {
            await Answer(context, exception);
        }
    }

    private async Task Answer(HttpContext context, Exception exception)
    {
        if (context.Response.HasStarted)
        {
            LogBroken(exception, context.Request.Method, LogText.Of(context.Request.Path));
            context.Abort();
            return;
        }

        context.Response.Clear();
        switch (exception)
        {
            case RequestProblemException request:
                await ProblemAnswer.Write(context, request.Problem, errors: request.Errors);
                break;
            case ProblemException known:
                await ProblemAnswer.Write(context, known.Problem);
                break;
            case BadHttpRequestException bad:
                await ProblemAnswer.Write(context, HttpProblems.BadRequest(bad));
                break;
            default:
                LogFault(exception, context.Request.Method, LogText.Of(context.Request.Path), context.TraceIdentifier);
                await ProblemAnswer.Write(context, HttpProblems.Fault(context.TraceIdentifier));
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} broke off in the middle of its answer.")]
    private partial void LogBroken(Exception exception, string method, string path);

    [LoggerMessage(2, LogLevel.Error, "{Method} {Path} ended with a fault ({TraceId}).")]
    private partial void LogFault(Exception exception, string method, string path, string traceId);
}
