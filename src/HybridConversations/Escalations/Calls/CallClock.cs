using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Escalations.Calls;

/// <summary>
/// The time of one turn at the cloud: the whole, and the phase that a try is in. Cancels <see cref="Token"/> when either runs out, and tells which.
/// </summary>
internal sealed class CallClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CloudTimeouts _timeouts;
    private readonly TimeSpan _whole;
    private readonly long _started;
    private readonly CancellationToken _caller;
    private readonly ITimer _wholeTimer;
    private readonly CancellationTokenSource _cancel;
    private ITimer? _phaseTimer;
    private CloudFailureKind _phase;
    private int _expired = -1;

    public CallClock(TimeProvider time, CloudTimeouts timeouts, int? deadlineMs, CancellationToken caller)
    {
        _time = time;
        _timeouts = timeouts;
        _caller = caller;
        _started = time.GetTimestamp();
        _whole = TimeSpan.FromMilliseconds(Math.Max(0, Math.Min(timeouts.WholeMs, deadlineMs ?? int.MaxValue)));
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _wholeTimer = time.CreateTimer(static state => ((CallClock)state!).Expire(CloudFailureKind.WholeTimeout), this, _whole, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the caller, by the whole or by the phase.</summary>
    public CancellationToken Token => _cancel.Token;

    public TimeSpan Left => _whole - _time.GetElapsedTime(_started);

    /// <summary>Begins to wait for a try's first text; the connection has a time-out of its own within it.</summary>
    public void AwaitFirstToken() => Await(CloudFailureKind.FirstTokenTimeout, _timeouts.FirstTokenMs);

    /// <summary>Begins to wait for the next piece.</summary>
    public void AwaitNext() => Await(CloudFailureKind.GapTimeout, _timeouts.GapMs);

    /// <summary>Begins to wait for the usage that follows a finished reply: it comes at once or never.</summary>
    public void AwaitUsage() => Await(CloudFailureKind.GapTimeout, Math.Min(_timeouts.GapMs, 1_000));

    /// <summary>No one waits for the endpoint: the reader has the piece, or a retry is being waited for.</summary>
    public void Pause() => _phaseTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Turns a cancellation into what ran out; null when it was the caller's.</summary>
    public CloudException? Expired()
    {
        if (_caller.IsCancellationRequested || Volatile.Read(ref _expired) is not (>= 0 and var expired))
        {
            return null;
        }

        var kind = (CloudFailureKind)expired;
        return new CloudException(kind, kind switch
        {
            CloudFailureKind.FirstTokenTimeout => $"no text came within {_timeouts.FirstTokenMs} ms (timeouts.first-token-ms).",
            CloudFailureKind.GapTimeout => $"nothing came for {_timeouts.GapMs} ms within the reply (timeouts.gap-ms).",
            _ => $"the turn's {_whole.TotalMilliseconds:0} ms are over (timeouts.whole-ms, or the turn's own deadline).",
        });
    }

    public void Dispose()
    {
        _wholeTimer.Dispose();
        _phaseTimer?.Dispose();
        _cancel.Dispose();
    }

    private void Await(CloudFailureKind phase, int milliseconds)
    {
        _phase = phase;
        var due = TimeSpan.FromMilliseconds(milliseconds);
        if (_phaseTimer is null)
        {
            _phaseTimer = _time.CreateTimer(static state => ((CallClock)state!).ExpirePhase(), this, due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _phaseTimer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void ExpirePhase() => Expire(_phase);

    private void Expire(CloudFailureKind kind)
    {
        if (Interlocked.CompareExchange(ref _expired, (int)kind, -1) != -1)
        {
            return;
        }

        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The turn ended in the same moment.
        }
    }
}
