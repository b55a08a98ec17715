namespace HybridConversations.Devices.Telemetry;

/// <summary>Counts how a device's generations end, and keeps the latencies of its newest replies. Thread-safe.</summary>
internal sealed class ReplyMeter(TimeProvider time, double firstTokenTargetMs)
{
    public const string Cancelled = "cancelled";
    public const string Refused = "refused";
    public const string Failed = "failed";

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
    private long _inTime;
    private long _late;

    /// <summary>Did its first token come as soon as whoever waits should have it?</summary>
    public bool IsInTime(TurnTimings timings) => timings.FirstTokenMs <= firstTokenTargetMs;

    /// <summary>A reply ended by itself.</summary>
    /// <param name="usage">Its tokens.</param>
    /// <param name="timings">Its times.</param>
    /// <param name="inTime">Whether the first token came in time; null where nobody waited.</param>
    public void Ended(TokenUsage usage, TurnTimings timings, bool? inTime)
    {
        if (inTime is { } kept)
        {
            Interlocked.Increment(ref kept ? ref _inTime : ref _late);
        }

        Interlocked.Add(ref _reused, usage.ReusedTokens);
        var gap = usage.CompletionTokens > 1 ? (timings.TotalMs - timings.FirstTokenMs) / (usage.CompletionTokens - 1) : 0;
        lock (_lock)
        {
            _newest[_replies++ % Kept] = (time.GetTimestamp(), timings.FirstTokenMs, gap);
        }
    }

    /// <summary>A generation did not end by itself.</summary>
    /// <returns>How it ended.</returns>
    public string BrokeOff(Exception? error)
    {
        if (error is null or OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            return Cancelled;
        }

        if (error is ProblemException { Problem: { Status: < 500 } or { Code: ProblemCodes.Overloaded or ProblemCodes.DeadlineUnreachable or ProblemCodes.Stopping or ProblemCodes.NotReady } })
        {
            Interlocked.Increment(ref _refused);
            return Refused;
        }

        Interlocked.Increment(ref _failed);
        return Failed;
    }

    /// <summary>Adds these counts to what the engine counts.</summary>
    public DeviceWork Count(DeviceWork engine) => engine with
    {
        Replies = Interlocked.Read(ref _replies),
        Cancelled = Interlocked.Read(ref _cancelled),
        Refused = Interlocked.Read(ref _refused),
        Failed = Interlocked.Read(ref _failed),
        TokensReused = Interlocked.Read(ref _reused),
        RepliesInTime = Interlocked.Read(ref _inTime),
        RepliesLate = Interlocked.Read(ref _late),
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
