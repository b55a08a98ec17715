namespace HybridConversations.Inference.Engine;

/// <summary>A consistent look at the engine, taken after each step.</summary>
public readonly record struct EngineStatus
{
    public int Running { get; init; }
    public int Waiting { get; init; }
    public int Sequences { get; init; }
    public int KvCellsUsed { get; init; }
    public int ParkedStates { get; init; }
    public long ParkedBytes { get; init; }

    /// <summary>Bytes of host memory that are allocated for KV: parked, and on the way to or from the disk.</summary>
    public long HostBytes { get; init; }
    public int PromptBacklogTokens { get; init; }

    /// <summary>Steps since the start.</summary>
    public long Steps { get; init; }
    public long TokensGenerated { get; init; }
    public long TokensRead { get; init; }

    /// <summary>Tokens guessed by prompt lookup, and those of them that were right.</summary>
    public long TokensDrafted { get; init; }
    public long DraftsAccepted { get; init; }

    /// <summary>Milliseconds of a step with one decode row, as the cost model sees it.</summary>
    public double DecodeStepMs { get; init; }
    public double PrefillTokenMs { get; init; }

    /// <summary>When the step began that has not come back within its limit; null where none hangs.</summary>
    public DateTimeOffset? HangingSince { get; init; }

    /// <summary>Set when the engine gave up: it refuses everything from then on.</summary>
    public bool Failed { get; init; }
}
