namespace HybridConversations;

/// <summary>One device (a Jetson, or this machine): owns the model and batches all its conversations. Thread-safe.</summary>
public interface IDevice
{
    /// <summary>
    /// Continues a conversation. Yields <see cref="DeviceText"/> pieces and one <see cref="DeviceFinished"/>.
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

    /// <summary>Oldest first: an optional system message, then user and assistant in turn, a user message last.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Words in it are private: they must not be shown in a log.</summary>
    public bool Private { get; init; }

    public SamplingOptions Sampling { get; init; } = new();
    public TurnPriority Priority { get; init; } = TurnPriority.Interactive;

    /// <summary>Milliseconds from now within which the reply should be whole; null for none.</summary>
    public int? DeadlineMs { get; init; }
}

/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">Plain text; never read as control tokens.</param>
public sealed record ChatMessage(string Role, string Content)
{
    public const string System = "system";
    public const string User = "user";
    public const string Assistant = "assistant";
}
