namespace HybridConversations;

/// <summary>The stable names of everything that can go wrong, with a constructor for each.</summary>
public static class ProblemCodes
{
    /// <summary>A member of the request is missing or has a value that is not allowed.</summary>
    public const string Invalid = "invalid-request";

    /// <summary>Nothing has this id.</summary>
    public const string NotFound = "not-found";

    /// <summary>The conversation answers another turn.</summary>
    public const string TurnInProgress = "turn-in-progress";

    /// <summary>A turn with this id said something else.</summary>
    public const string TurnIdReused = "turn-id-reused";

    /// <summary>Another turn stands behind the one to follow.</summary>
    public const string TurnNotLast = "turn-not-last";

    /// <summary>The call has its result already.</summary>
    public const string CallAnswered = "call-answered";

    /// <summary>There is no room: try again.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>The prompt is longer than the context.</summary>
    public const string TooLong = "prompt-too-long";

    /// <summary>The answer would come too late.</summary>
    public const string DeadlineUnreachable = "deadline-unreachable";

    /// <summary>The client read too slowly and was let go.</summary>
    public const string SlowReader = "reader-too-slow";

    /// <summary>The device is gone.</summary>
    public const string DeviceLost = "device-lost";

    /// <summary>The cloud did not answer as it should.</summary>
    public const string CloudFailed = "cloud-failed";

    /// <summary>The budget for the cloud is spent.</summary>
    public const string BudgetSpent = "budget-spent";

    /// <summary>The record could not be read or written.</summary>
    public const string Storage = "storage-failed";

    /// <summary>The process is ending.</summary>
    public const string Stopping = "stopping";

    /// <summary>The process is starting.</summary>
    public const string NotReady = "not-ready";

    /// <summary>The conversation cannot be reached now.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>A fault of this program.</summary>
    public const string Internal = "internal-error";

    /// <summary>A model could not be pulled.</summary>
    public const string DownloadFailed = "model-download-failed";

    /// <summary>No key came, or one that is not known.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The key is known and does not allow this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The tenant asks more often than it may.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>A page of another origin sent this.</summary>
    public const string ForeignOrigin = "foreign-origin";

    /// <summary>A name that is not this server's was asked for.</summary>
    public const string UnknownHost = "unknown-host";

    /// <summary>The body has too many bytes.</summary>
    public const string BodyTooLarge = "body-too-large";

    /// <summary>The body is not said to be JSON.</summary>
    public const string MediaType = "unsupported-media-type";

    /// <summary>The body is compressed or encoded.</summary>
    public const string ContentEncoding = "unsupported-content-encoding";

    /// <summary>The address takes other methods.</summary>
    public const string Method = "method-not-allowed";

    /// <summary>The address speaks over a WebSocket.</summary>
    public const string UpgradeRequired = "upgrade-required";

    /// <summary>Another server's address or wish.</summary>
    public const string NotImplemented = "not-implemented";

    /// <summary>The response to go on from is not kept here (OpenAI's name for it).</summary>
    public const string PreviousNotFound = "previous_response_not_found";

    /// <summary>A response is under way on this connection (OpenAI's name for it).</summary>
    public const string ResponseInProgress = "response_in_progress";

    /// <summary>The text does not fit the model's context (OpenAI's name for it).</summary>
    public const string ContextExceeded = "context_length_exceeded";

    /// <summary>400: a member of the request has a value that is not allowed.</summary>
    public static Problem InvalidRequest(string what) => new(Invalid, 400, what);

    /// <summary>404: no such conversation, turn or model.</summary>
    public static Problem Missing(string what) => new(NotFound, 404, what);

    /// <summary>409: a conversation runs one turn at a time.</summary>
    public static Problem Busy(string runningTurnId) => new(TurnInProgress, 409,
        $"Turn '{runningTurnId}' is still being answered. Wait for it, or send \"interrupt\": true to barge in.", Retryable: true, RetryAfterMs: 1000);

    /// <summary>409: the call has its result already, and another one would have nothing to change.</summary>
    public static Problem AnsweredCall(string callId, string turnId) => new(CallAnswered, 409,
        $"The result of call '{callId}' came with turn '{turnId}'. Send that turn again to hear its reply; a new turn cannot bring the result once more.");

    /// <summary>409: the id belongs to a turn with another text.</summary>
    public static Problem ReusedTurnId(string turnId) => new(TurnIdReused, 409,
        $"Turn '{turnId}' is on record with a different text, or other tool results. Choose a new turn id for a new turn.");

    /// <summary>409: the turn that this one wants to follow is not the last any more.</summary>
    public static Problem NotLast(string turnId) => new(TurnNotLast, 409,
        $"Turn '{turnId}' is on record, and another one stands behind it. Leave \"after\" out to go on from there, or begin a conversation with the turns up to this one.");

    /// <summary>507: what is stored could not be read or written. Nothing is left half done.</summary>
    /// <param name="what">What happened and what to do.</param>
    /// <param name="retryAfterMs">When sending it again may help, ms; null where it does not.</param>
    public static Problem Unstored(string what, int? retryAfterMs = null) =>
        new(Storage, 507, what, Retryable: retryAfterMs is not null, retryAfterMs);

    /// <summary>503: a queue is full. Nothing was stored that a retry would double.</summary>
    public static Problem Overload(string what, int retryAfterMs) => new(Overloaded, 503, what, Retryable: true, retryAfterMs);

    /// <summary>503: the deadline would be missed, so nothing was begun.</summary>
    public static Problem LateReply(int deadlineMs, double expectedMs) => new(DeadlineUnreachable, 503,
        $"The deadline is {deadlineMs} ms and the reply would take about {expectedMs:0} ms. Try again later, or send a longer deadlineMs or none.",
        Retryable: true, RetryAfterMs: (int)Math.Clamp(expectedMs - deadlineMs, 100, 60_000));

    /// <summary>503: the device that alone may answer is not ready.</summary>
    public static Problem NoSuchDevice(string device, IEnumerable<string> ready) => new(DeviceLost, 503,
        $"The turn asks for device '{device}' alone, and it is not ready here. Ready: {string.Join(", ", ready.DefaultIfEmpty("none"))}. "
        + "Send the same turn again when it is, or leave \"device\" out.", Retryable: true, RetryAfterMs: 2000);

    /// <summary>503: the process is about to end. The turn is on record and may be sent again.</summary>
    public static Problem Ending(int retryAfterMs) => new(Stopping, 503,
        "The server was asked to stop. Send the same request again when it is back.", Retryable: true, retryAfterMs);

    /// <summary>503: the model is not loaded yet, or never will be.</summary>
    public static Problem Unready(string why, int retryAfterMs) => new(NotReady, 503, why, Retryable: true, retryAfterMs);

    /// <summary>503, made by clients: the server could not be reached, or its answer broke off.</summary>
    public static Problem ServerUnreachable(string what) => new(Unreachable, 503, what, Retryable: true);

    /// <summary>413: the text does not fit the model's context.</summary>
    public static Problem PromptTooLong(int tokens, int room) => new(TooLong, 413,
        $"The prompt has {tokens} tokens and {room} fit. Send a shorter text, or start the server with a larger --context.");
}
