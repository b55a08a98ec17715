namespace HybridConversations.Devices.Telemetry;

/// <summary>Counts how a device's generations end, and keeps the latencies of its newest replies. Thread-safe.</summary>
internal sealed class ReplyMeter(TimeProvider time)
{
    /// <summary>Replies whose latencies are kept at most.</summary>
    public const int Kept = 512;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly (long At, double FirstTokenMs, double GapMs)[] _newest = new (long, double, double)[Kept];
    private long _replies;
    private long _cancelled;
    private long _refused;
    private long _failed;
    private long _reused;

    /// <summary>A reply ended by itself.</summary>
    public void Ended(TokenUsage usage, TurnTimings timings)
    {
        Interlocked.Add(ref _reused, usage.ReusedTokens);
        var gap = usage.CompletionTokens > 1 ? (timings.TotalMs - timings.FirstTokenMs) / (usage.CompletionTokens - 1) : 0;
        lock (_lock)
        {
            _newest[_replies++ % Kept] = (time.GetTimestamp(), timings.FirstTokenMs, gap);
        }
    }

    /// <summary>A generation did not end by itself.</summary>
    public void BrokeOff(Exception? error)
    {
        if (error is null or OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
        }
        else if (error is ProblemException { Problem: { Status: < 500 } or { Code: ProblemCodes.Overloaded or ProblemCodes.DeadlineUnreachable or ProblemCodes.Stopping or ProblemCodes.NotReady } })
        {
            Interlocked.Increment(ref _refused);
        }
        else
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>Adds these counts to what the engine counts.</summary>
    public DeviceWork Count(DeviceWork engine) => engine with
    {
        Replies = Interlocked.Read(ref _replies),
        Cancelled = Interlocked.Read(ref _cancelled),
        Refused = Interlocked.Read(ref _refused),
        Failed = Interlocked.Read(ref _failed),
        TokensReused = Interlocked.Read(ref _reused),
    };

    /// <summary>The replies of the last minute.</summary>
    public RecentReplies Recent()
    {
        var firsts = new List<double>();
        var gaps = new List<double>();
        lock (_lock)
        {
            for (var i = 0; i < Math.Min(_replies, Kept); i++)
            {
                var (at, first, gap) = _newest[i];
                if (time.GetElapsedTime(at) <= Window)
                {
                    firsts.Add(first);
                    if (gap > 0)
                    {
                        gaps.Add(gap);
                    }
                }
            }
        }

        firsts.Sort();
        gaps.Sort();
        return new RecentReplies(firsts.Count, Percentile(firsts, 0.5), Percentile(firsts, 0.95), Percentile(gaps, 0.5), Percentile(gaps, 0.95));
    }

    /// <summary>The nearest rank.</summary>
    private static double Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
