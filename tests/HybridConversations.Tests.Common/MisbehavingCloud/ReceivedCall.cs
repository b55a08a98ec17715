using System.Text.Json;

namespace HybridConversations.Tests.Common.MisbehavingCloud;

/// <summary>One call as the server saw and counted it.</summary>
public sealed class ReceivedCall
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required int Index { get; init; }
    public required Misbehaviour Misbehaviour { get; init; }
    public required string Body { get; init; }
    public string? Authorization { get; init; }

    /// <summary>Azure's header for keys.</summary>
    public string? ApiKey { get; init; }

    /// <summary>With its query.</summary>
    public string Path { get; init; } = "";

    /// <summary>What an Azure resource says instead of what was ordered.</summary>
    public Misbehaviour? Refusal { get; internal set; }

    public string? LastEventId { get; init; }

    /// <summary>Tokens of the prompt, by the server's own rule: words.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Pieces that were written.</summary>
    public int CompletionTokens { get; internal set; }

    /// <summary>The server would send a bill for it.</summary>
    public bool Charged { get; internal set; }

    /// <summary>It went to its proper end, usage included where it is not held back.</summary>
    public bool Complete { get; internal set; }

    /// <summary>Completes when the server is through with it, or its client has left.</summary>
    public Task Ended => _ended.Task;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    internal void End() => _ended.TrySetResult();
}
