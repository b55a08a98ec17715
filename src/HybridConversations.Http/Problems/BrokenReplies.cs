namespace HybridConversations.Http.Problems;

/// <summary>What a caller is told when its answer breaks off in the middle. What it cannot know is logged.</summary>
internal sealed partial class BrokenReplies(ILogger<BrokenReplies> logger)
{
    /// <param name="exception">What ended the answer.</param>
    /// <param name="traceId">The request's id.</param>
    /// <param name="endedByServer">The server stops, and the time that running answers had is over.</param>
    public Problem Explain(Exception exception, string traceId, bool endedByServer)
    {
        switch (exception)
        {
            case ProblemException known:
                return known.Problem;
            case RequestProblemException request:
                return request.Problem;
            case OperationCanceledException when endedByServer:
                return ProblemCodes.Ending(5000);
            default:
                LogFault(exception, traceId);
                return HttpProblems.Fault(traceId);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "An answer broke off ({TraceId}).")]
    private partial void LogFault(Exception exception, string traceId);
}
