using System.Globalization;

namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// How often conversations began with each shared beginning, across restarts: <c>LAYOUT/prefix-uses.txt</c>, a line <c>KEY USES LAST</c> each, where LAST is a running number
/// (not a clock: one that jumps must not change the order). Only a hint for what to keep ready; a file that cannot be read counts for nothing. Thread-safe.
/// </summary>
internal sealed class PrefixUses
{
    /// <summary>Beginnings that are counted; beyond it the one with the fewest uses is forgotten.</summary>
    public const int MaxPrefixes = 256;

    /// <summary>When one has as many uses all are halved, so that what was popular once does not stay for ever.</summary>
    private const int MaxUses = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Uses, long Last)> _uses = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>Is there anything that <see cref="Text"/> has not told yet?</summary>
    public bool Changed { get; private set; }

    /// <summary>Counts a use; returns how many there are now.</summary>
    public long Count(string key)
    {
        lock (_lock)
        {
            if (_uses.Count >= MaxPrefixes && !_uses.ContainsKey(key))
            {
                _uses.Remove(_uses.MinBy(entry => (entry.Value.Uses, entry.Value.Last)).Key);
            }

            var uses = (_uses.TryGetValue(key, out var known) ? known.Uses : 0) + 1;
            _uses[key] = (uses, ++_clock);
            Changed = true;
            if (uses >= MaxUses)
            {
                foreach (var (other, value) in _uses.ToArray())
                {
                    _uses[other] = (value.Uses / 2, value.Last);
                }
            }

            return uses;
        }
    }

    /// <summary>Orders keys by uses, then by last use, most used first.</summary>
    public IReadOnlyList<string> Order(IEnumerable<string> keys)
    {
        lock (_lock)
        {
            return [.. keys.OrderByDescending(key => _uses.GetValueOrDefault(key))];
        }
    }

    /// <summary>All of it, to be read by <see cref="Read"/>.</summary>
    public string Text()
    {
        lock (_lock)
        {
            Changed = false;
            return string.Concat(_uses.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value.Uses} {entry.Value.Last}\n")));
        }
    }

    /// <summary>Takes in what <see cref="Text"/> wrote; lines that are none are passed over.</summary>
    public void Read(string text)
    {
        lock (_lock)
        {
            foreach (var line in text.Split('\n'))
            {
                if (_uses.Count < MaxPrefixes && line.Split(' ') is [var key, var uses, var last] && key.Length > 0
                    && long.TryParse(uses, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < MaxUses
                    && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < long.MaxValue / 2)
                {
                    _uses[key] = (count, at);
                    _clock = Math.Max(_clock, at);
                }
            }
        }
    }
}
