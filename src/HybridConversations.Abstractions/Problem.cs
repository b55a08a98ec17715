namespace HybridConversations;

/// <summary>What went wrong, in the members of RFC 9457 (problem+json), and what to do about it.</summary>
/// <param name="Code">Stable machine-readable name, e.g. <c>turn-in-progress</c>. See <see cref="ProblemCodes"/>.</param>
/// <param name="Status">HTTP status that fits, e.g. 409.</param>
/// <param name="Detail">What happened here, where, and what to do next.</param>
/// <param name="Retryable">True when the same request may succeed later, unchanged.</param>
/// <param name="RetryAfterMs">When to try again, in milliseconds; null when unknown.</param>
public sealed record Problem(string Code, int Status, string Detail, bool Retryable = false, int? RetryAfterMs = null)
{
    /// <summary>One short sentence, the same for every occurrence of the code; a server of another release may have its own.</summary>
    public string Title { get; init => field = value ?? ProblemTitles.Of(Code); } = ProblemTitles.Of(Code);
}

/// <summary>A request that cannot be carried out; carries the <see cref="Problem"/> that every surface shows.</summary>
public sealed class ProblemException(Problem problem, Exception? inner = null) : Exception(problem.Detail, inner)
{
    /// <summary>What happened and what to do.</summary>
    public Problem Problem { get; } = problem;
}
