using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Engine;

/// <summary>What is different while the engine holds back.</summary>
internal sealed partial class EngineCore
{
    private SchedulerOptions? _brief;

    /// <summary>May be set before the first step.</summary>
    internal Truce Truce { get; init; }

    /// <summary>Targets of the steps: short ones while it holds back.</summary>
    private SchedulerOptions Targets => Truce.MillisecondsLeft is null ? _options.Scheduler : _brief ??= _options.Scheduler with
    {
        MaxStepMs = Math.Min(_options.Scheduler.MaxStepMs, Truce.StepMs),
        TargetGapMs = _options.Scheduler.TargetGapMs > 0 ? Math.Min(_options.Scheduler.TargetGapMs, Truce.StepMs) : Truce.StepMs,
    };

    /// <summary>Background work waits, for a while.</summary>
    private bool IsPaused(Sequence sequence) =>
        sequence.Class == ServiceClass.Background && Truce.MillisecondsLeft is not null && ViewOf(sequence).UnservedMs < Truce.MaxPauseMs;

    /// <summary>Milliseconds until somebody who is paused may go on; null where nobody is.</summary>
    private double? PauseLeft()
    {
        double? least = null;
        foreach (var sequence in _running.Concat(_waiting.All))
        {
            if (IsPaused(sequence))
            {
                least = Math.Min(least ?? double.MaxValue, Math.Min(Truce.MillisecondsLeft ?? 0, Truce.MaxPauseMs - ViewOf(sequence).UnservedMs));
            }
        }

        return least;
    }
}
