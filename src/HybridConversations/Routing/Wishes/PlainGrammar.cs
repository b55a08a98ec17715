namespace HybridConversations.Routing;

/// <summary>
/// The grammar of languages whose patterns carry their own negations. A wish for privacy counts wherever its words stand, asked about or not: to keep one turn
/// too many on the device is the smaller mistake. What asks for the cloud does not count behind a negation or behind somebody else who does it, and the end of a wish
/// for privacy not with a negation anywhere near it.
/// </summary>
/// <param name="undone">The words before a request, within a few, that make none of it: negations.</param>
/// <param name="subjects">The words right before a request that say that somebody else does it; empty for none.</param>
/// <param name="reporting">The words within a few before a statement that ask it or tell it of somebody: "ist das", "sagt"; empty for none.</param>
internal sealed class PlainGrammar(string undone, string subjects = "", string reporting = "") : IWishGrammar
{
    private const int Reach = 3;

    /// <summary>How far behind a release its negation may begin: "モードを終了しないで".</summary>
    private const int Behind = 3;

    private readonly WordPattern _undone = new(undone);
    private readonly WordPattern? _subjects = subjects.Length == 0 ? null : new WordPattern(subjects);
    private readonly WordPattern? _reporting = reporting.Length == 0 ? null : new WordPattern(reporting);

    public bool IsMeant(WishMood mood, scoped in WordList words, int start, int end)
    {
        if (mood == WishMood.Release)
        {
            return !IsUndone(words, start - Reach, end + Behind);
        }

        if (mood != WishMood.Request)
        {
            return true;
        }

        if (start > 0 && _subjects?.Match(words, start - 1) >= 0)
        {
            return false;
        }

        return !IsUndone(words, start - Reach, start);
    }

    public bool IsReported(scoped in WordList words, int start) => _reporting is not null && Has(_reporting, words, start - Reach - 1, start);

    private bool IsUndone(scoped in WordList words, int from, int to) => Has(_undone, words, from, to);

    private static bool Has(WordPattern pattern, scoped in WordList words, int from, int to)
    {
        for (var at = Math.Max(0, from); at < Math.Min(to, words.Count); at++)
        {
            if (pattern.Match(words, at) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
