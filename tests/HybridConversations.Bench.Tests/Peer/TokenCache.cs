namespace HybridConversations.Bench.Tests.Peer;

/// <summary>The peer's KV cache: token lists, least recently used last to be found. A token is a word. Thread-safe.</summary>
internal sealed class TokenCache(int room)
{
    private readonly List<string[]> _held = [];

    /// <summary>Cells that a perfect server would use for all that is held: shared beginnings once.</summary>
    public int Cells
    {
        get
        {
            lock (_held)
            {
                return _held.SelectMany(Prefixes).Distinct(StringComparer.Ordinal).Count();
            }
        }
    }

    /// <summary>Tokens of the prompt's beginning that are there; at least the last is always read.</summary>
    public int Find(string[] prompt)
    {
        lock (_held)
        {
            var best = _held.Select(held => Common(held, prompt)).DefaultIfEmpty(0).Max();
            return Math.Min(best, prompt.Length - 1);
        }
    }

    public void Hold(string[] tokens)
    {
        lock (_held)
        {
            _held.RemoveAll(held => Common(held, tokens) == held.Length);
            _held.Add(tokens);
            if (_held.Count > room)
            {
                _held.RemoveAt(0);
            }
        }
    }

    private static IEnumerable<string> Prefixes(string[] tokens) => Enumerable.Range(1, tokens.Length).Select(length => string.Join(' ', tokens[..length]));

    private static int Common(string[] one, string[] other) => one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
}
