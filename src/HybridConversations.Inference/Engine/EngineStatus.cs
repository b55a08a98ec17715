namespace HybridConversations.Inference.Engine;

/// <summary>A consistent look at the engine, taken after each step.</summary>
public readonly record struct EngineStatus
{
    /// <summary>Generations that decode or read.</summary>
    public int Running { get; init; }

    /// <summary>Generations that wait for room.</summary>
    public int Waiting { get; init; }

    /// <summary>Sequences that the backend has.</summary>
    public int Sequences { get; init; }

    /// <summary>KV cells with a token.</summary>
    public int KvCellsUsed { get; init; }

    /// <summary>States in host memory.</summary>
    public int ParkedStates { get; init; }

    /// <summary>Bytes of host memory that they take.</summary>
    public long ParkedBytes { get; init; }

    /// <summary>Bytes of host memory that are allocated for KV: parked, and on the way to or from the disk.</summary>
    public long HostBytes { get; init; }

    /// <summary>Tokens of prompts that are still to be read.</summary>
    public int PromptBacklogTokens { get; init; }

    /// <summary>Steps since the start.</summary>
    public long Steps { get; init; }

    /// <summary>Tokens written since the start.</summary>
    public long TokensGenerated { get; init; }

    /// <summary>Tokens of prompts read since the start.</summary>
    public long TokensRead { get; init; }

    /// <summary>Tokens guessed by prompt lookup, and those of them that were right.</summary>
    public long TokensDrafted { get; init; }

    /// <summary>Tokens of drafts that the model agreed with, since the start.</summary>
    public long DraftsAccepted { get; init; }

    /// <summary>Milliseconds of a step with one decode row, as the cost model sees it.</summary>
    public double DecodeStepMs { get; init; }

    /// <summary>Time to read a token of a prompt, ms.</summary>
    public double PrefillTokenMs { get; init; }

    /// <summary>When the step began that has not come back within its limit; null where none hangs.</summary>
    public DateTimeOffset? HangingSince { get; init; }

    /// <summary>Set when the engine gave up: it refuses everything from then on.</summary>
    public bool Failed { get; init; }
}
