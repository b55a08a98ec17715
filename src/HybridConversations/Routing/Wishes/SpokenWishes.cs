namespace HybridConversations.Routing;

/// <summary>The wishes about where to think that a person may speak, in every language that is heard.</summary>
internal sealed class SpokenWishes
{
    private readonly (IWishGrammar Grammar, SpokenWish[] Wishes)[] _languages;

    private SpokenWishes(Func<WishLanguage, IReadOnlyList<SpokenWish>> kind) => _languages = [.. WishLanguage.All.Select(language => (language.Grammar, kind(language).ToArray()))];

    /// <summary>"Think hard", "ask the cloud", "use the big model", "take your time and think".</summary>
    public static SpokenWishes Cloud { get; } = new(language => language.Cloud);

    /// <summary>"Stay local", "use the small model", "don't ask the cloud", "don't think too hard".</summary>
    public static SpokenWishes Local { get; } = new(language => language.Local);

    /// <summary>"Keep this private", "don't send this to the cloud", "just between us".</summary>
    public static SpokenWishes Privacy { get; } = new(language => language.Privacy);

    /// <summary>"This is no longer private", "end private mode".</summary>
    public static SpokenWishes Lift { get; } = new(language => language.Lift);

    /// <summary>The label of the first wish that is spoken; null when there is none.</summary>
    public string? Find(scoped in WordList words) => Find(words, 0, words.Count);

    /// <summary>The same, of those that begin from word <paramref name="from"/> on and before word <paramref name="to"/>.</summary>
    public string? Find(scoped in WordList words, int from, int to)
    {
        for (var start = from; start < to; start++)
        {
            foreach (var (grammar, wishes) in _languages)
            {
                foreach (var wish in wishes)
                {
                    if (wish.IsSpokenAt(words, start, grammar))
                    {
                        return wish.Label;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The same in a whole text, however long: what is asked stands at its ends, a wish may stand anywhere.</summary>
    public string? FindAnywhere(ReadOnlySpan<char> text)
    {
        // Windows that overlap: each finds the wishes that begin in its middle, with the words before and after them in view.
        var words = new WordList(stackalloc char[Window * WordList.MaxWordLength], stackalloc Word[Window]);
        for (var from = 0; ;)
        {
            words.Clear();
            var step = WordReader.ReadUpTo(text[from..], Step, ref words);
            var end = from + step + WordReader.ReadUpTo(text[(from + step)..], Window, ref words);
            var last = end >= text.Length;
            if (Find(words, from == 0 ? 0 : Before, last ? words.Count : Math.Min(words.Count, Before + Step)) is { } found)
            {
                return found;
            }

            if (last)
            {
                return null;
            }

            from += step;
        }
    }

    // In words. No wish is longer than a window without its step and what stands before.
    private const int Step = 48;
    private const int Before = 8;
    private const int Window = 96;
}
