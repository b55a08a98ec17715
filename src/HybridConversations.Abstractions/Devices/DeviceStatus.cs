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

    /// <summary>What it has done since its start; null where an older release reports.</summary>
    public DeviceWork? Work { get; init; }

    /// <summary>How its replies of the last minute went; null where an older release reports.</summary>
    public RecentReplies? Recent { get; init; }

    /// <summary>KV states outside the batch's memory; null where an older release reports.</summary>
    public KvTierStatus? Tiers { get; init; }

    /// <summary>What the machine measures of itself; null where it tells nothing.</summary>
    public MachineSensors? Sensors { get; init; }

    /// <summary>It holds back for something else on its board, or for somebody who speaks.</summary>
    public bool Yielding { get; init; }

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

/// <summary>Counts since the start.</summary>
/// <param name="TokensGenerated">Tokens of replies.</param>
/// <param name="TokensRead">Prompt tokens read.</param>
/// <param name="Steps">Steps of the engine.</param>
/// <param name="TokensDrafted">Tokens guessed ahead.</param>
/// <param name="DraftsAccepted">Of these, the right ones.</param>
/// <param name="Replies">Generations that ended by themselves.</param>
/// <param name="Cancelled">Generations whose caller left or interrupted them.</param>
/// <param name="Refused">Requests that were refused: a full queue, a deadline, a prompt that is too long.</param>
/// <param name="Failed">Generations that a fault ended.</param>
/// <param name="TokensReused">Prompt tokens whose KV was there already.</param>
public sealed record DeviceWork(
    long TokensGenerated, long TokensRead, long Steps, long TokensDrafted, long DraftsAccepted, long Replies, long Cancelled, long Refused, long Failed, long TokensReused)
{
    /// <summary>Replies that somebody waited for whose first token came in time.</summary>
    public long RepliesInTime { get; init; }

    /// <summary>And those whose first token came later.</summary>
    public long RepliesLate { get; init; }
}

/// <summary>How the replies of the last minute went. Percentiles are of the 512 newest at most.</summary>
/// <param name="Replies">How many ended.</param>
/// <param name="FirstTokenP50Ms">Half of them had their first token within this; 0 without replies.</param>
/// <param name="FirstTokenP95Ms">95 of 100 had.</param>
/// <param name="GapP50Ms">Time between two tokens: the mean of a reply, half of the replies below this.</param>
/// <param name="GapP95Ms">95 of 100 below this.</param>
public sealed record RecentReplies(int Replies, double FirstTokenP50Ms, double FirstTokenP95Ms, double GapP50Ms, double GapP95Ms);

/// <summary>KV states of silent conversations.</summary>
/// <param name="ParkedStates">In host memory.</param>
/// <param name="ParkedBytes">Their size.</param>
/// <param name="HostBytes">Host memory allocated for KV: parked, and on the way to or from the disk.</param>
public sealed record KvTierStatus(int ParkedStates, long ParkedBytes, long HostBytes);

/// <summary>What a machine measures of itself; null where it does not tell.</summary>
/// <param name="TemperatureC">The hottest zone, °C.</param>
/// <param name="PowerW">What the board draws, W.</param>
/// <param name="Throttled">Something is slowed down: to stay cool, or because the board draws more than its supply gives.</param>
public sealed record MachineSensors(double? TemperatureC, double? PowerW, bool? Throttled)
{
    /// <summary>What is slowed down, and <c>over-current</c>; null where nothing is.</summary>
    public string? SlowedParts { get; init; }

    /// <summary>The board, as its device tree names it.</summary>
    public string? Board { get; init; }

    /// <summary>What <c>nvpmodel</c> was told, e.g. <c>MAXN_SUPER</c>.</summary>
    public string? PowerMode { get; init; }

    /// <summary>The GPU's clock now, MHz.</summary>
    public double? GpuMhz { get; init; }

    /// <summary>The highest clock that the GPU may have, MHz.</summary>
    public double? GpuMaxMhz { get; init; }

    /// <summary>The memory's clock that the power mode allows, MHz.</summary>
    public double? MemoryMhz { get; init; }

    /// <summary>Memory that programs may still take, MiB; on a Jetson the GPU's, too.</summary>
    public long? MemoryAvailableMib { get; init; }

    /// <summary>Memory that there is, MiB.</summary>
    public long? MemoryMib { get; init; }
}
