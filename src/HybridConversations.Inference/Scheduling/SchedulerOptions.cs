namespace HybridConversations.Inference.Scheduling;

/// <summary>What the scheduler aims at.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Generations in the batch at once, 1 to 256.</summary>
    public int MaxRunning { get; init; } = 16;

    /// <summary>Requests that may wait; one more is refused with a retry time.</summary>
    public int QueueLimit { get; init; } = 256;

    /// <summary>Milliseconds aimed at between two tokens of a reply while prompts of others are read; 0: twice the time of a step without them, 40 to 250.</summary>
    public double TargetGapMs { get; init; }

    /// <summary>Milliseconds that a step may take when nobody is kept waiting for a token: how soon a cancel or a newcomer is noticed.</summary>
    public double MaxStepMs { get; init; } = 250;

    /// <summary>Prompt tokens read in a step at least, so that a prompt always gets on.</summary>
    public int MinPrefillChunk { get; init; } = 16;

    /// <summary>Waiting this many milliseconds without getting on lifts a request by one class, so that nothing starves.</summary>
    public double AgingMs { get; init; } = 5000;

    /// <summary>KV cells kept free per running generation for its growth, at most.</summary>
    public int GrowthReserve { get; init; } = 128;
}
