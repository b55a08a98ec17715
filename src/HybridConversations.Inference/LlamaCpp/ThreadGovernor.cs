namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// How many threads to compute with while other programs want the processor, too. ggml's own threads meet at a barrier behind every operation of a graph and wait for each other there
/// by spinning: when one of them has to share its core, all wait for it at each of a step's hundreds of barriers, and a step takes several times as long. Fewer threads than
/// free cores meet nobody.
/// <list type="number">
/// <item>Threads that spin use all the time that they get, so what they lack of (threads × time of the computation) is what others took.</item>
/// <item>Where that is more than <see cref="Lost"/> of a core over a window, as many threads leave.</item>
/// <item>They come back when so many cores were idle over a window. If that was too early, the next try waits twice as long.</item>
/// </list>
/// Pure but for <paramref name="idleCores"/>; belongs to the engine's thread; allocates nothing.
/// </summary>
/// <param name="most">Threads without neighbours.</param>
/// <param name="idleCores">Cores of the machine that were idle since the last call; null where the system does not say: then a thread comes back after a wait.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class ThreadGovernor(int most, Func<double?> idleCores, TimeProvider time)
{
    /// <summary>Cores.</summary>
    private const double Lost = 0.3;

    /// <summary>What has to be idle for a thread to come back; less than a core, since whoever was idle stirs.</summary>
    private const double Idle = 0.7;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private TimeSpan _wall;
    private TimeSpan _cpu;
    private TimeSpan _wait = LeastWait;
    private long _changed = time.GetTimestamp();
    private bool _grew;

    /// <summary>Threads without neighbours.</summary>
    public int Most { get; } = most;

    /// <summary>Threads to compute the next batch with.</summary>
    public int Threads { get; private set; } = most;

    /// <summary>A batch was computed.</summary>
    /// <param name="wall">How long it took.</param>
    /// <param name="cpu">Processor time of the whole process in that time.</param>
    /// <returns>True when <see cref="Threads"/> has changed.</returns>
    public bool Observe(TimeSpan wall, TimeSpan cpu)
    {
        _wall += wall;
        _cpu += cpu;
        if (_wall < Window)
        {
            return false;
        }

        var lost = Threads - (_cpu / _wall);
        (_wall, _cpu) = (TimeSpan.Zero, TimeSpan.Zero);
        var sinceChange = time.GetElapsedTime(_changed);
        if (Threads > 1 && lost > Lost)
        {
            // A thread that came back and has to leave at once came too early.
            _wait = _grew && sinceChange < _wait + LeastWait ? TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, LongestWait.Ticks)) : LeastWait;
            return Change(Math.Max(1, Threads - Math.Max(1, (int)Math.Round(lost))), grew: false);
        }

        if (Threads == Most || sinceChange < _wait)
        {
            return false;
        }

        var idle = idleCores() ?? 1;
        return idle >= Idle && Change(Math.Min(Most, Threads + Math.Max(1, (int)idle)), grew: true);
    }

    private bool Change(int threads, bool grew)
    {
        (Threads, _grew, _changed) = (threads, grew, time.GetTimestamp());
        idleCores();
        return true;
    }
}
