namespace HybridConversations;

/// <summary>A device as the fleet sees it.</summary>
public sealed record DeviceStatus
{
    /// <summary>Unique in its fleet.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Whether it takes turns.</summary>
    public required DeviceState State { get; init; }

    /// <summary>The model that it serves.</summary>
    public required ModelStatus Model { get; init; }

    /// <summary>What it does now.</summary>
    public required DeviceLoad Load { get; init; }

    /// <summary>The system prompt of conversations that have none; null when it adds none. The cloud gets the same one.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>What it has measured of itself; null until it has answered something.</summary>
    public DeviceProfile? Profile { get; init; }
    /// <summary>What reading and answering ahead of turns has brought and cost.</summary>
    public ListeningStatus Listening { get; init; } = new(0, 0, 0);

    /// <summary>When it was ready for the first time.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When its engine began a step that has not come back within its limit; null where none hangs.</summary>
    public DateTimeOffset? HangingSince { get; init; }
}

/// <summary>Whether a device takes turns.</summary>
public enum DeviceState
{
    /// <summary>It does.</summary>
    Ready,

    /// <summary>It ends those that it has and takes no more.</summary>
    Draining,

    /// <summary>It ends now.</summary>
    Stopping,

    /// <summary>It cannot: the log says why.</summary>
    Failed,

    /// <summary>Its engine is in a step that does not come back.</summary>
    Hanging,
}

/// <param name="Name">As clients ask for it, e.g. <c>llama-3.2-3b</c>.</param>
/// <param name="Hash">SHA-256 of the file, lower-case hex.</param>
/// <param name="Description">Architecture, size and quantisation.</param>
/// <param name="Bytes">Size of the weights.</param>
/// <param name="TrainedContext">Tokens the model was trained for.</param>
public sealed record ModelStatus(string Name, string Hash, string Description, long Bytes, int TrainedContext);

/// <summary>How busy a device is.</summary>
/// <param name="Running">Generations in the batch.</param>
/// <param name="Waiting">Requests in the queue.</param>
/// <param name="QueueLimit">Requests the queue takes.</param>
/// <param name="Sequences">Sequences held, running or idle.</param>
/// <param name="MaxSequences">Sequences there are.</param>
/// <param name="KvCellsUsed">KV cells (tokens) in use.</param>
/// <param name="KvCells">KV cells there are.</param>
/// <param name="PromptBacklogTokens">Prompt tokens that wait to be read.</param>
public sealed record DeviceLoad(int Running, int Waiting, int QueueLimit, int Sequences, int MaxSequences, int KvCellsUsed, int KvCells, int PromptBacklogTokens);

/// <summary>Measured speed.</summary>
/// <param name="StepMs">Median time of a step with one decode row.</param>
/// <param name="PrefillTokensPerSecond">Prompt tokens read a second.</param>
/// <param name="DecodeTokensPerSecond">Tokens a second of one stream alone.</param>
public sealed record DeviceProfile(double StepMs, double PrefillTokensPerSecond, double DecodeTokensPerSecond);

/// <summary>Counts since the start.</summary>
/// <param name="Drafts">Drafts read ahead.</param>
/// <param name="Adopted">Replies begun before their turn came and adopted by it.</param>
/// <param name="WastedTokens">Tokens generated for replies that no turn adopted.</param>
public sealed record ListeningStatus(long Drafts, long Adopted, long WastedTokens);
