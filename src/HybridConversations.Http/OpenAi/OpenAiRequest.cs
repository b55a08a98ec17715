namespace HybridConversations.Http.OpenAi;

/// <summary>What a client asks of a completion, understood and checked.</summary>
/// <param name="Replies">A request for the device for each choice.</param>
/// <param name="Stream">As server-sent events?</param>
/// <param name="IncludeUsage">With a last chunk that holds the usage?</param>
internal sealed record OpenAiRequest(IReadOnlyList<DeviceRequest> Replies, bool Stream, bool IncludeUsage)
{
    /// <summary>Choices of one request at most.</summary>
    public const int MaxReplies = 16;

    /// <summary>The same request several times, each with a seed of its own.</summary>
    public static IReadOnlyList<DeviceRequest> Repeated(DeviceRequest request, int times) => times == 1 ? [request]
        : [.. Enumerable.Range(0, times).Select(index => request with { Sampling = request.Sampling with { Seed = request.Sampling.Seed is { } seed ? unchecked(seed + index) : null } })];
}
