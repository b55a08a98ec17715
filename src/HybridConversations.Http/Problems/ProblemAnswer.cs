using System.Globalization;
using HybridConversations.Client.Wire;

namespace HybridConversations.Http.Problems;

/// <summary>Writes a problem as the whole answer: problem+json, OpenAI's error object below <c>/v1</c>, or Ollama's below <c>/api</c>.</summary>
internal static class ProblemAnswer
{
    public static async Task Write(HttpContext context, Problem problem, string? turnId = null, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var isOpenAi = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
        context.Response.StatusCode = (isOpenAi ? OpenAiErrorDocument.Fit(problem) : problem).Status;
        if (RetryAfterSeconds(problem) is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (isOpenAi)
        {
            var error = OpenAiErrorDocument.Of(problem, errors?.Keys.FirstOrDefault());
            await context.Response.WriteAsJsonAsync(error, ErrorJson.Answers.OpenAiErrorDocument, "application/json", context.RequestAborted);
            return;
        }

        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(new OllamaError(problem.Detail), ErrorJson.Answers.OllamaError, "application/json", context.RequestAborted);
            return;
        }

        var document = ProblemDocument.Of(problem, turnId, errors);
        await context.Response.WriteAsJsonAsync(document, WireJson.Answers.ProblemDocument, "application/problem+json", context.RequestAborted);
    }

    /// <summary>Whole seconds, at least one; always there with 503, so that nobody hammers.</summary>
    private static int? RetryAfterSeconds(Problem problem) => problem switch
    {
        { RetryAfterMs: { } milliseconds } => Math.Max(1, (milliseconds + 999) / 1000),
        { Status: 503 } => 1,
        _ => null,
    };
}
