using System.Collections.Concurrent;

namespace HybridConversations.EndToEnd.Tests.Soak;

/// <summary>What happened in a soak. Thread-safe.</summary>
internal sealed class SoakTally
{
    private readonly ConcurrentDictionary<string, bool> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _mixedUp = new();
    private readonly Random _random = new(99);
    private int _completed;
    private int _left;
    private int _bargedIn;
    private int _lost;
    private int _asked;
    private int _recalled;

    public int Turns => _completed;
    public double Recall => _asked == 0 ? 0 : (double)_recalled / _asked;
    public int Questions => _asked;

    /// <summary>Replies with another conversation's code in them.</summary>
    public IReadOnlyCollection<string> MixedUp => _mixedUp;

    /// <summary>Four digits that no other conversation has had, while there are any.</summary>
    public string NewCode()
    {
        lock (_random)
        {
            while (true)
            {
                var code = _random.Next(1000, 10_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
                if (_codes.TryAdd(code, true) || _codes.Count > 8000)
                {
                    return code;
                }
            }
        }
    }

    public void Check(string found, string own, string conversation, string said, string reply)
    {
        if (found != own && _codes.ContainsKey(found))
        {
            _mixedUp.Enqueue($"{conversation} (code {own}) was told '{reply}' when it said '{said}'.");
        }
    }

    public void Completed() => Interlocked.Increment(ref _completed);

    public void Left() => Interlocked.Increment(ref _left);

    public void BargedIn() => Interlocked.Increment(ref _bargedIn);

    public void Lost() => Interlocked.Increment(ref _lost);

    public void Asked(bool recalled)
    {
        Interlocked.Increment(ref _asked);
        Interlocked.Add(ref _recalled, recalled ? 1 : 0);
    }

    public override string ToString() =>
        $"{_completed} turns completed, {_bargedIn} barge-ins, {_left} left, {_lost} lost to restarts, {_recalled} of {_asked} codes recalled, {_mixedUp.Count} replies with another's code";
}
