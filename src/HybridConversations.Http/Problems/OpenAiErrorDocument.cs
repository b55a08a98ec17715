namespace HybridConversations.Http.Problems;

/// <summary>An error as OpenAI's clients read it.</summary>
internal sealed record OpenAiErrorDocument(OpenAiError Error)
{
    /// <summary>A problem as OpenAI has it: a prompt that does not fit is a 400 of the code that clients look for.</summary>
    public static Problem Fit(Problem problem) => problem.Code == ProblemCodes.TooLong ? problem with { Code = ProblemCodes.ContextExceeded, Status = 400 } : problem;

    public static OpenAiErrorDocument Of(Problem problem, string? param = null)
    {
        problem = Fit(problem);
        return new(new OpenAiError(problem.Detail, problem.Status < 500 ? "invalid_request_error" : "server_error", param, problem.Code));
    }
}

/// <param name="Message">What happened and what to do.</param>
/// <param name="Type"><c>invalid_request_error</c> or <c>server_error</c>.</param>
/// <param name="Param">The member that is wrong.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
internal sealed record OpenAiError(string Message, string Type, string? Param, string Code);
