namespace HybridConversations.Escalations.Endpoints;

/// <summary>A model at a cloud endpoint. Thread-safe; makes one try a call, without retries of its own.</summary>
public interface ICloudModel : IDisposable
{
    /// <summary>
    /// Streams a chat. A chunk without text is a sign of life. The last chunks carry the finish reason and the usage, where the endpoint gives them.
    /// Throws <see cref="CloudException"/>, also when the stream breaks off before its finish reason.
    /// </summary>
    IAsyncEnumerable<CloudChunk> Stream(CloudRequest request, CancellationToken cancellationToken);
}

/// <param name="Messages">Cut to the window.</param>
/// <param name="Sampling">What the caller asked for.</param>
/// <param name="MaxTokens">Tokens of the reply at most.</param>
public sealed record CloudRequest(IReadOnlyList<ChatMessage> Messages, SamplingOptions Sampling, int MaxTokens)
{
    /// <summary>Functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether it calls one, and which.</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>May it call several at once?</summary>
    public bool ParallelToolCalls { get; init; } = true;
}

/// <param name="Text">The next piece; empty for a mere sign of life.</param>
/// <param name="Finish">Set once, when the reply has ended.</param>
/// <param name="Usage">As counted so far; the last one counts.</param>
/// <param name="Filtered">What a content filter named, with <see cref="CloudFinish.ContentFilter"/>; null where it named nothing.</param>
/// <param name="Calls">Pieces of calls; null for none.</param>
public readonly record struct CloudChunk(
    string Text, CloudFinish? Finish = null, CloudUsage? Usage = null, string? Filtered = null, IReadOnlyList<CloudCallPart>? Calls = null);

/// <summary>A piece of a call.</summary>
/// <param name="Index">Counts the calls of a reply.</param>
/// <param name="CallId">Names it, in its first piece.</param>
/// <param name="Name">The function, in its first piece.</param>
/// <param name="Arguments">The next piece of its JSON text.</param>
public readonly record struct CloudCallPart(int Index, string? CallId, string? Name, string Arguments);

/// <summary>Why the endpoint ended the reply.</summary>
public enum CloudFinish
{
    /// <summary>The model had said what it wanted.</summary>
    Stop,

    /// <summary>The limit of tokens was reached.</summary>
    Length,

    /// <summary>The provider's filter cut it.</summary>
    ContentFilter,
}

/// <summary>Tokens as the endpoint counted them; cached ones are part of the input.</summary>
public sealed record CloudUsage(int Input, int Output, int Cached);
