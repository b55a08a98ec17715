namespace HybridConversations.Inference.Engine;

/// <summary>
/// Looks from outside at how long the engine's thread has been in one step: a call into native code that does not come back can tell nobody itself. Thread-safe.
/// </summary>
internal sealed class StepWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Action<TimeSpan> _hangs;
    private readonly ITimer _timer;
    private long _began;
    private long _told;

    /// <param name="time">Measures.</param>
    /// <param name="limit">How long a step may take.</param>
    /// <param name="hangs">Called once, on any thread, for a step that takes longer, with the time so far.</param>
    public StepWatch(TimeProvider time, TimeSpan limit, Action<TimeSpan> hangs)
    {
        (_time, _limit, _hangs) = (time, limit, hangs);
        _timer = time.CreateTimer(_ => Look(), null, limit / 4, limit / 4);
    }

    /// <summary>How long the step has taken so far; zero between two steps.</summary>
    public TimeSpan Elapsed => Volatile.Read(ref _began) is not 0 and var began ? _time.GetElapsedTime(began) : TimeSpan.Zero;

    /// <summary>When the step began that takes longer than it may; null where none does.</summary>
    public DateTimeOffset? HangingSince => Elapsed is var elapsed && elapsed > _limit ? _time.GetUtcNow() - elapsed : null;

    /// <summary>Engine's thread: a step begins.</summary>
    public void Begin() => Volatile.Write(ref _began, Math.Max(1, _time.GetTimestamp()));

    /// <summary>Engine's thread: it is over.</summary>
    /// <returns>Had it been told as hanging?</returns>
    public bool End() => Interlocked.Exchange(ref _began, 0) is not 0 and var began && Volatile.Read(ref _told) == began;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var began = Volatile.Read(ref _began);
        if (began != 0 && _time.GetElapsedTime(began) is var elapsed && elapsed > _limit && Interlocked.Exchange(ref _told, began) != began)
        {
            _hangs(elapsed);
        }
    }
}
