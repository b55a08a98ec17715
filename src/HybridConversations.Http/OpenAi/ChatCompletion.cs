using System.Text.Json.Serialization;

namespace HybridConversations.Http.OpenAi;

/// <summary>A whole answer.</summary>
internal sealed record ChatCompletion(
    string Id, string Object, long Created, string Model, string SystemFingerprint, IReadOnlyList<ChatChoice> Choices, ChatUsage Usage, ChatTimings Timings);

internal sealed record ChatChoice(int Index, ChatAnswer Message, ChatLogProbs? Logprobs, string FinishReason);

internal sealed record ChatAnswer(string Role, string Content, string? Refusal = null);

/// <summary>A piece of a streamed answer; the last one with choices says why it ended, one after it the usage where asked for.</summary>
internal sealed record ChatCompletionChunk(string Id, string Object, long Created, string Model, string SystemFingerprint, IReadOnlyList<ChatChunkChoice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatUsage? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatTimings? Timings { get; init; }
}

internal sealed record ChatChunkChoice(int Index, ChatDelta Delta, ChatLogProbs? Logprobs, string? FinishReason);

internal sealed record ChatDelta
{
    /// <summary>Comes with the first text, not before: clients take the first chunk for the first token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}
