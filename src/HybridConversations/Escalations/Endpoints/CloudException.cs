namespace HybridConversations.Escalations.Endpoints;

/// <summary>Why a try failed.</summary>
public enum CloudFailureKind
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>No connection in time.</summary>
    ConnectTimeout,

    /// <summary>No first token in time.</summary>
    FirstTokenTimeout,

    /// <summary>Silence in the middle of the reply.</summary>
    GapTimeout,

    /// <summary>The reply took longer than it may.</summary>
    WholeTimeout,

    /// <summary>401: the key is wrong.</summary>
    Unauthorized,

    /// <summary>403: the key may not do this.</summary>
    Forbidden,

    /// <summary>404: no such model, deployment or address.</summary>
    NotFound,

    /// <summary>429: too many requests or tokens.</summary>
    RateLimited,

    /// <summary>The account at the endpoint is out of money or quota; waiting does not help.</summary>
    QuotaSpent,

    /// <summary>400: it does not take the request.</summary>
    BadRequest,

    /// <summary>The endpoint counts more tokens than its window has.</summary>
    TooLong,

    /// <summary>The endpoint's content filter withheld the reply or refused the prompt.</summary>
    ContentFilter,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>Not the protocol: another content type, broken JSON, a redirect.</summary>
    Malformed,

    /// <summary>An answer without a word.</summary>
    Empty,

    /// <summary>The connection ended before the reply did.</summary>
    Cut,

    /// <summary>The request asks for what the endpoint cannot do.</summary>
    Unsupported,
}

/// <summary>A failed try. The message is for people and holds no secret.</summary>
public sealed class CloudException(CloudFailureKind kind, string message) : Exception(message)
{
    /// <summary>Of what kind it is.</summary>
    public CloudFailureKind Kind { get; } = kind;

    /// <summary>HTTP status, where there was one.</summary>
    public int? Status { get; init; }

    /// <summary>When the endpoint wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when whoever answered was no model: a sign-in page, a proxy.</summary>
    public bool NothingServed { get; init; }

    /// <summary>True when the endpoint had begun to work for us, and may send a bill for it. A status other than 200 is never billed.</summary>
    public bool MayHaveCharged => Status is null && !NothingServed && Kind is CloudFailureKind.FirstTokenTimeout or CloudFailureKind.GapTimeout
        or CloudFailureKind.WholeTimeout or CloudFailureKind.Malformed or CloudFailureKind.Empty or CloudFailureKind.Cut or CloudFailureKind.ContentFilter;

    /// <summary>True when another try may succeed where this one failed, within the same turn.</summary>
    internal bool MayBeRetried => Kind is CloudFailureKind.Unreachable or CloudFailureKind.ConnectTimeout or CloudFailureKind.RateLimited
        or CloudFailureKind.ServerError or CloudFailureKind.Cut;

    /// <summary>True when it says something about the endpoint, not about this request.</summary>
    internal bool BlamesEndpoint => Kind is not (CloudFailureKind.BadRequest or CloudFailureKind.TooLong or CloudFailureKind.ContentFilter
        or CloudFailureKind.Unsupported or CloudFailureKind.Empty or CloudFailureKind.WholeTimeout);

    /// <summary>Short and stable, for the ledger and the logs.</summary>
    internal string Outcome => Status is { } status ? $"{Kind} {status}" : Kind.ToString();
}
