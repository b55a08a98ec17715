using System.Text.Json;

namespace HybridConversations.Http.Ollama;

/// <summary>A line of an answer, or all of it. Durations in nanoseconds.</summary>
internal sealed record OllamaReply(string Model, DateTimeOffset CreatedAt)
{
    /// <summary>Of <c>/api/chat</c>.</summary>
    public OllamaMessage? Message { get; init; }

    /// <summary>Of <c>/api/generate</c>.</summary>
    public string? Response { get; init; }
    public string? Thinking { get; init; }

    public bool Done { get; init; }
    public string? DoneReason { get; init; }
    public long? TotalDuration { get; init; }
    public long? LoadDuration { get; init; }
    public int? PromptEvalCount { get; init; }
    public long? PromptEvalDuration { get; init; }
    public int? EvalCount { get; init; }
    public long? EvalDuration { get; init; }
}

internal sealed record OllamaMessage(string Role, string Content, string? Thinking, IReadOnlyList<OllamaCall>? ToolCalls);

internal sealed record OllamaCall(string Id, OllamaFunction Function);

/// <param name="Index">Counts the calls of a reply from 0.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">An object.</param>
internal sealed record OllamaFunction(int Index, string Name, JsonElement Arguments);

internal sealed record OllamaVersion(string Version);
