namespace HybridConversations.Escalations;

/// <summary>
/// Ends a reply before the first of some strings, for endpoints that take fewer of them than a turn may have, or none. Holds back what may be the
/// beginning of one.
/// </summary>
internal sealed class StopStrings(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>True once one was found: nothing after it is let through.</summary>
    public bool Found { get; private set; }

    /// <summary>What may be shown now.</summary>
    public string Push(string piece)
    {
        if (Found || (stops.Count == 0 && _held.Length == 0))
            return Found ? "" : piece;
        var text = _held + piece;
        var at = -1;
        foreach (var stop in stops)
        {
            var index = text.IndexOf(stop, StringComparison.Ordinal);
            if (index >= 0 && (at < 0 || index < at))
                at = index;
        }

        if (at >= 0)
        {
            Found = true;
            _held = "";
            return text[..at];
        }

        var hold = Held(text);
        _held = text[^hold..];
        return text[..^hold];
    }

    /// <summary>The rest, when the reply has ended without one.</summary>
    public string Flush()
    {
        var rest = _held;
        _held = "";
        return Found ? "" : rest;
    }

    /// <summary>Length of the longest end of the text that begins a stop string.</summary>
    private int Held(string text)
    {
        var most = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > most; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    most = length;
            }
        }

        return most;
    }
}
