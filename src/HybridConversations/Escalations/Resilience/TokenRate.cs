namespace HybridConversations.Escalations.Resilience;

/// <summary>
/// Tokens a minute as a bucket that holds a minute's worth and fills evenly. A taker may run it into debt and waits until the debt is paid, so
/// takers are served in order of arrival. Thread-safe.
/// </summary>
internal sealed class TokenRate
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly double _capacity;
    private double _level;
    private long _at;

    public TokenRate(int tokensPerMinute, TimeProvider time)
    {
        _time = time;
        _capacity = _level = tokensPerMinute;
        _at = time.GetTimestamp();
    }

    /// <summary>
    /// Takes tokens that may be used after <paramref name="wait"/>. False, and nothing taken, when that were longer than <paramref name="maxWait"/>.
    /// A call larger than a minute's worth counts as a minute's worth: it goes when the bucket is full.
    /// </summary>
    public bool TryTake(int tokens, TimeSpan maxWait, out TimeSpan wait)
    {
        lock (_lock)
        {
            Fill();
            var after = _level - Math.Min(tokens, _capacity);
            wait = after >= 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(-after / _capacity);
            if (wait > maxWait)
            {
                return false;
            }

            _level = after;
            return true;
        }
    }

    /// <summary>Gives back what was taken and not used.</summary>
    public void Return(int taken, int used)
    {
        lock (_lock)
        {
            Fill();
            _level = Math.Min(_capacity, _level + Math.Max(0, Math.Min(taken, _capacity) - used));
        }
    }

    private void Fill()
    {
        var now = _time.GetTimestamp();
        _level = Math.Min(_capacity, _level + _time.GetElapsedTime(_at, now).TotalMinutes * _capacity);
        _at = now;
    }
}
