using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>Options of the engine; see <see cref="SchedulerOptions"/> for its targets.</summary>
public sealed record EngineOptions
{
    /// <summary>What a step may hold.</summary>
    public SchedulerOptions Scheduler { get; init; } = new();

    /// <summary>Where KV lives that does not run.</summary>
    public KvTierOptions Tiers { get; init; } = new();

    /// <summary>Guess tokens from the text so far where it pays (see <see cref="Speculation.PromptLookup"/>).</summary>
    public bool PromptLookup { get; init; } = true;

    /// <summary>How long a step may take before the engine is told to be hanging; what it computes is then aborted, where it can be.</summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end waits for a step that does not come back, before it aborts it, and once more before it goes on without it.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Tokens one sequence may hold at most; 0: the smaller of the trained context and the KV memory.</summary>
    public int MaxTokensPerSequence { get; init; }
}
