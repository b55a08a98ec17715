using System.Text.Json;

namespace HybridConversations.Tests.Common.MisbehavingCloud;

/// <summary>What the server does with one call: a good answer, changed by what is set here.</summary>
public sealed record Misbehaviour
{
    /// <summary>Answers with an HTTP status other than 200, and <see cref="Body"/>.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Body of a status other than 200, or of a wrong content type. <c>{key}</c> stands for the key that the client sent.</summary>
    public string Body { get; init; } = """{"error":{"message":"The server misbehaves on command.","type":"test","code":null}}""";

    /// <summary>Extra response headers, e.g. <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string ContentType { get; init; } = "text/event-stream";

    /// <summary>The reply, one chunk and one token each.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = ["The ", "cloud ", "has ", "thought ", "about ", "it."];

    /// <summary>Instead of <see cref="Pieces"/>: each piece's bytes as they stand between its quotes, which need be no UTF-8.</summary>
    public IReadOnlyList<byte[]>? Spelled { get; init; }

    /// <summary>Instead of <see cref="Pieces"/>: each piece as the JSON of its <c>delta</c>, as calls are.</summary>
    public IReadOnlyList<string>? Deltas { get; init; }

    public string? Finish { get; init; } = "stop";

    /// <summary>Before the first token.</summary>
    public Hold? BeforeFirst { get; init; }

    /// <summary>Before the answer's headers.</summary>
    public Hold? BeforeHeaders { get; init; }

    /// <summary>Before the piece of this index; then <see cref="Gap"/> holds.</summary>
    public int GapAt { get; init; } = -1;
    public Hold? Gap { get; init; }

    /// <summary>Chunks without text (reasoning that is not shown) before the first token.</summary>
    public int SilentChunks { get; init; }

    /// <summary>Aborts the connection after this many pieces; −1 never.</summary>
    public int CutAfter { get; init; } = -1;

    /// <summary>Before the cut: an aborted connection takes along what is still on its way, so whoever expects the pieces releases this when they are there.</summary>
    public Hold? BeforeCut { get; init; }

    /// <summary>Ends the stream properly, but after this many pieces and without finish reason or <c>[DONE]</c>; −1 never.</summary>
    public int EndAfter { get; init; } = -1;

    /// <summary>Writes <see cref="Garbage"/> after this many pieces, and ends; −1 never.</summary>
    public int GarbageAfter { get; init; } = -1;
    public string Garbage { get; init; } = "data: {\"id\": \"x\", \"choices\": [{\"delta\": {\"content\": \n\n";

    /// <summary>After the finish reason, before the usage.</summary>
    public Hold? BeforeUsage { get; init; }

    public UsageReport Usage { get; init; } = UsageReport.AtTheEnd;

    /// <summary>Prompt tokens reported as cached.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Numbers the events, as servers that can resume a stream do.</summary>
    public bool EventIds { get; init; }

    public static Misbehaviour None { get; } = new();
    public static Misbehaviour Answer(params string[] pieces) => new() { Pieces = pieces };
    public static Misbehaviour Refuse(int status, string? message = null) =>
        new() { Status = status, ContentType = "application/json", Body = Error(message ?? $"Status {status} on command.", null) };

    public static Misbehaviour RateLimited(string? retryAfter = null, string? retryAfterMs = null)
    {
        var headers = new Dictionary<string, string>();
        if (retryAfter is not null)
        {
            headers["Retry-After"] = retryAfter;
        }

        if (retryAfterMs is not null)
        {
            headers["retry-after-ms"] = retryAfterMs;
        }

        return Refuse(429, "Rate limit reached.") with { Headers = headers };
    }

    public static Misbehaviour Cut(int after, Hold? before = null) => new() { CutAfter = after, BeforeCut = before };
    public static Misbehaviour Empty { get; } = new() { Pieces = [] };
    public static Misbehaviour Malformed(int after) => new() { GarbageAfter = after };
    public static Misbehaviour WrongContentType { get; } = new() { ContentType = "text/html", Body = "<html>Please sign in to the hotel's network.</html>" };
    public static Misbehaviour Filtered(params string[] pieces) => new() { Pieces = pieces, Finish = "content_filter" };
    public static Misbehaviour NoUsage { get; } = new() { Usage = UsageReport.Never };

    /// <summary>Takes the call and says nothing until the client leaves.</summary>
    public static Misbehaviour SlowFirstToken(Hold? hold = null) => new() { BeforeFirst = hold ?? Hold.UntilClientLeaves };

    /// <summary>Falls silent before the piece of this index until the client leaves.</summary>
    public static Misbehaviour GapBefore(int piece, Hold? hold = null) => new() { GapAt = piece, Gap = hold ?? Hold.UntilClientLeaves };

    public static string Error(string message, string? code) =>
        JsonSerializer.Serialize(new { error = new { message, type = "test", code } });
}

public enum UsageReport
{
    AtTheEnd,
    InEveryChunk,
    Never,
}

/// <summary>Holds a call until a test lets it go, or its client leaves.</summary>
public sealed class Hold
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Hold UntilClientLeaves => new();

    /// <summary>Completes when a call is held.</summary>
    public Task Reached => _reached.Task;

    public void Release() => _released.TrySetResult();

    internal Task Wait(CancellationToken clientLeft)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(clientLeft);
    }
}
