namespace HybridConversations;

/// <summary>One device (a Jetson, or this machine): owns the model and batches all its conversations. Thread-safe.</summary>
public interface IDevice
{
    /// <summary>
    /// Continues a conversation. Yields <see cref="DeviceText"/> pieces and one <see cref="DeviceFinished"/>; <see cref="DeviceReasoning"/> and calls where the model thinks or calls.
    /// Cancelling frees the device within one step. Throws <see cref="ProblemException"/> when it refuses (overload, too long, unreachable deadline).
    /// </summary>
    IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads a prompt ahead, behind everything else; see <see cref="IConversation.Listen"/>. A last message without text takes it back.</summary>
    Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default);

    /// <summary>Drops the KV state of a conversation from every tier.</summary>
    Task Forget(string conversationId, CancellationToken cancellationToken = default);

    /// <summary>Who it is, what it runs and how busy it is. Never waits behind inference.</summary>
    ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default);
}

/// <summary>A conversation to continue: its system prompt, its visible turns and the new text.</summary>
public sealed record DeviceRequest
{
    /// <summary>Key of the KV state; null for a request that belongs to no conversation (its KV is found by prefix).</summary>
    public string? ConversationId { get; init; }

    /// <summary>Whose request it is, where it belongs to no conversation: no tenant finds the KV of another. Null: nobody's in particular.</summary>
    public string? Tenant { get; init; }

    /// <summary>Oldest first. An assistant's message at the end is continued.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>A prompt as it is, control tokens included, in place of <see cref="Messages"/>: no template writes around it, and the reply is nothing but text. Null: the messages.</summary>
    public string? RawPrompt { get; init; }

    /// <summary>Functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether the model may, must or must not call tools.</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>May it call several at once?</summary>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>Whether the model thinks first, and how long.</summary>
    public ReasoningOptions Reasoning { get; init; } = new();

    /// <summary>The day that templates write into a prompt; a conversation keeps that of its first turn, so that its prompt keeps its beginning. Null: now.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Variables for the model's chat template, as a JSON object (<c>chat_template_kwargs</c>).</summary>
    public string? TemplateVariables { get; init; }

    /// <summary>Words in it are private: they must not be shown in a log.</summary>
    public bool Private { get; init; }

    /// <summary>How tokens are sampled.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Who goes first.</summary>
    public TurnPriority Priority { get; init; } = TurnPriority.Interactive;

    /// <summary>Milliseconds from now within which the reply should be whole; null for none.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>W3C trace context (<c>traceparent</c>) of whoever asks; null: the current one.</summary>
    public string? TraceParent { get; init; }
}
