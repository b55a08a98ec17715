namespace HybridConversations.Inference.Engine;

/// <summary>
/// For how long the engine holds back: background work pauses and steps stay short, while somebody speaks (a draft is open) or something else on the board wants the GPU.
/// Thread-safe.
/// </summary>
public sealed class Truce
{
    /// <summary>The longest that one call may ask for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Whoever got nothing for so long goes on, truce or not: nothing starves behind people who never stop speaking.</summary>
    internal const double MaxPauseMs = 30_000;

    /// <summary>Milliseconds that a step should take at most.</summary>
    internal const double StepMs = 50;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private long _since;
    private TimeSpan _asked;
    private int _drafts;

    /// <param name="time">The engine's clock.</param>
    /// <param name="changed">Called when it began, went on or ended.</param>
    internal Truce(TimeProvider time, Action changed) => (_time, _changed) = (time, changed);

    /// <summary>Milliseconds until it ends by itself; infinite while a draft is open, null when there is none.</summary>
    public double? MillisecondsLeft
    {
        get
        {
            lock (_lock)
            {
                var left = (_asked - _time.GetElapsedTime(_since)).TotalMilliseconds;
                return _drafts > 0 ? double.PositiveInfinity : left > 0 ? left : null;
            }
        }
    }

    /// <summary>Holds back for so long from now on, in place of what was asked before; zero ends it.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: longer than <see cref="Longest"/>.</exception>
    public void Ask(TimeSpan time)
    {
        if (time < TimeSpan.Zero || time > Longest)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"A device holds back for 0 to {Longest.TotalSeconds} seconds; {time.TotalSeconds} were asked for."));
        }

        lock (_lock)
        {
            (_since, _asked) = (_time.GetTimestamp(), time);
        }

        _changed();
    }

    /// <summary>Somebody speaks.</summary>
    public void OpenDraft() => Count(1);

    /// <summary>And has ended, or given up.</summary>
    public void CloseDraft() => Count(-1);

    private void Count(int change)
    {
        lock (_lock)
        {
            _drafts += change;
        }

        _changed();
    }
}
