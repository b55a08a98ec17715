using System.Text;

namespace HybridConversations.Bench.Http;

/// <summary>One reply as its client saw it arrive. Moments are timestamps of the clock that was given. Not thread-safe.</summary>
internal sealed class ReplyTrace(string role, TimeProvider clock)
{
    private readonly List<long> _arrivals = [];
    private readonly StringBuilder _text = new();

    /// <summary>What it was for: <c>voice</c>, <c>background</c>, …</summary>
    public string Role => role;

    /// <summary>When the request was about to be sent.</summary>
    public long StartedAt { get; } = clock.GetTimestamp();

    /// <summary>When the stream had ended; 0 until then.</summary>
    public long EndedAt { get; private set; }

    /// <summary>When each piece of text arrived.</summary>
    public IReadOnlyList<long> Arrivals => _arrivals;

    /// <summary>The pieces joined.</summary>
    public string Text => _text.ToString();

    /// <summary>Tokens as the server counts them; null when it does not say.</summary>
    public ReplyUsage? Usage { get; set; }

    /// <summary>Cached tokens by the tier their KV came from, where the server says so.</summary>
    public IReadOnlyDictionary<string, int>? ReusedByTier { get; set; }

    public string? FinishReason { get; set; }

    /// <summary>Tokens of the reply: as counted by the server, else the pieces of text.</summary>
    public int CompletionTokens => Usage?.CompletionTokens ?? _arrivals.Count;

    /// <summary>From the request to the first piece of text; null when there was none.</summary>
    public double? FirstTokenMs => _arrivals.Count == 0 ? null : Milliseconds(StartedAt, _arrivals[0]);

    /// <summary>From the request to the end of the stream.</summary>
    public double TotalMs => Milliseconds(StartedAt, EndedAt);

    /// <summary>Milliseconds between each piece of text and the one before.</summary>
    public IEnumerable<double> GapsMs => _arrivals.Skip(1).Select((arrival, index) => Milliseconds(_arrivals[index], arrival));

    public void AddText(string text, long arrivedAt)
    {
        _text.Append(text);
        _arrivals.Add(arrivedAt);
    }

    public void End() => EndedAt = clock.GetTimestamp();

    /// <summary>Tokens that arrived after <paramref name="from"/> and not after <paramref name="to"/>. A piece may hold several tokens; they are spread evenly.</summary>
    public double TokensBetween(long from, long to) =>
        _arrivals.Count == 0 ? 0 : _arrivals.Count(arrival => arrival > from && arrival <= to) * ((double)CompletionTokens / _arrivals.Count);

    private double Milliseconds(long from, long to) => clock.GetElapsedTime(from, to).TotalMilliseconds;
}
