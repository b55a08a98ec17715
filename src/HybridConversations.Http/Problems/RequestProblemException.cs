namespace HybridConversations.Http.Problems;

/// <summary>Members of a request with values that are not allowed: all of them at once.</summary>
internal sealed class RequestProblemException(IReadOnlyDictionary<string, string[]> errors)
    : Exception(string.Join(' ', errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"))))
{
    /// <summary>What is wrong, by member.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;

    public Problem Problem => ProblemCodes.InvalidRequest(Message);
}
