namespace HybridConversations.Http.OpenAi;

/// <summary>What a client asks of <c>/v1/chat/completions</c>, understood and checked.</summary>
/// <param name="Device">The request for the device.</param>
/// <param name="Stream">As server-sent events?</param>
/// <param name="IncludeUsage">With a last chunk that holds the usage?</param>
internal sealed record ChatCompletionRequest(DeviceRequest Device, bool Stream, bool IncludeUsage);
