namespace HybridConversations.Routing;

/// <summary>
/// A pattern over words in a row: places separated by blanks, <c>|</c> between alternatives, <c>?</c> at the end of a place that may be missing.
/// <c>use|ask the|your big|bigger? model</c>. A <c>*</c> is any word.
/// </summary>
internal sealed class WordPattern
{
    private readonly (string[] Words, bool Optional)[] _places;

    public WordPattern(string pattern) => _places =
    [
        .. pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(place => (place.TrimEnd('?').Split('|'), place.EndsWith('?'))),
    ];

    /// <summary>The index after the last word matched from <paramref name="start"/>; −1 when it does not match.</summary>
    public int Match(scoped in WordList words, int start) => Match(words, start, 0);

    private int Match(scoped in WordList words, int at, int place)
    {
        while (place < _places.Length)
        {
            var (choices, optional) = _places[place];
            if (at < words.Count && IsOneOf(words.Text(at), choices))
            {
                if (!optional)
                {
                    (at, place) = (at + 1, place + 1);
                    continue;
                }

                var taken = Match(words, at + 1, place + 1);
                if (taken >= 0)
                {
                    return taken;
                }
            }

            if (!optional)
            {
                return -1;
            }

            place++;
        }

        return at;
    }

    private static bool IsOneOf(ReadOnlySpan<char> word, string[] choices)
    {
        foreach (var choice in choices)
        {
            if (choice == "*" || word.SequenceEqual(choice))
            {
                return true;
            }
        }

        return false;
    }
}
