using System.Text.Json.Serialization;

namespace HybridConversations.Client.Wire;

/// <summary>A problem as it travels: the members of RFC 9457 (problem+json) and what to do next. Also the data of a <c>failed</c> event.</summary>
public sealed record ProblemDocument
{
    /// <summary>What <see cref="Type"/> begins with; the code follows.</summary>
    public const string TypePrefix = "urn:hybrid-conversations:problem:";

    /// <summary>A URN that ends with <see cref="Code"/>.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The same sentence for every problem of this code.</summary>
    public string Title { get; init; } = "";

    /// <summary>HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>What happened here and what to do.</summary>
    public string Detail { get; init; } = "";

    /// <summary>One of <see cref="ProblemCodes"/>.</summary>
    public string Code { get; init; } = ProblemCodes.Internal;

    /// <summary>True when the same request may succeed later, unchanged.</summary>
    public bool Retryable { get; init; }

    /// <summary>When to try again, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfterMs { get; init; }

    /// <summary>The turn it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TurnId { get; init; }

    /// <summary>Every wrong member of the request, with what is wrong with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The document of <paramref name="problem"/>.</summary>
    public static ProblemDocument Of(Problem problem, string? turnId = null, IReadOnlyDictionary<string, string[]>? errors = null) => new()
    {
        Type = TypePrefix + problem.Code,
        Title = problem.Title,
        Status = problem.Status,
        Detail = problem.Detail,
        Code = problem.Code,
        Retryable = problem.Retryable,
        RetryAfterMs = problem.RetryAfterMs,
        TurnId = turnId,
        Errors = errors,
    };

    /// <summary>The problem of this document.</summary>
    public Problem ToProblem() => new(Code, Status, Detail, Retryable, RetryAfterMs) { Title = Title };
}
