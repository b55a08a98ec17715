using System.Net;

namespace HybridConversations.Models;

/// <summary>What can go wrong with a pull, and what to do about it.</summary>
internal static class ModelProblems
{
    public static ProblemException Failed(string what, bool retryable = false, Exception? inner = null) =>
        new(new Problem(ProblemCodes.DownloadFailed, 502, what, retryable), inner);

    /// <summary>The hub's refusal in words; null when another try may help.</summary>
    public static ProblemException? Refused(ModelSource source, Uri endpoint, HttpStatusCode status, string? code, bool hasToken)
    {
        var page = new Uri(endpoint, source.Repository);
        return (status, code) switch
        {
            (_, "GatedRepo") or (HttpStatusCode.Forbidden, _) => Failed(
                $"{source.Repository} is gated or private (HTTP {(int)status}). Accept its licence at {page}, then set HF_TOKEN to a read token of that account"
                + (hasToken ? "; the token that is set has no access." : ".")),
            (_, "RepoNotFound") or (HttpStatusCode.Unauthorized, _) => Failed(
                $"{page} is not there, or is private and HF_TOKEN {(hasToken ? "has no access" : "is not set")} (HTTP {(int)status}). Check the "
                    + "name; for a private or gated model set HF_TOKEN to a token that may read it."),
            (HttpStatusCode.NotFound or HttpStatusCode.Gone, _) => new ProblemException(ProblemCodes.Missing(
                $"There is no file '{source.File}' in {page} at revision '{source.Revision}' (HTTP {(int)status}). Look at "
                    + $"{page}/tree/{source.Revision} for its name.")),
            (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestedRangeNotSatisfiable, _) => null,
            _ when (int)status >= 500 => null,
            _ => Failed($"{endpoint} answered HTTP {(int)status} for {source.Repository}/{source.File}, which a hub does not answer. Check HF_ENDPOINT."),
        };
    }
}

/// <summary>A try failed in a way that the next may not.</summary>
internal sealed class FutileTryException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
