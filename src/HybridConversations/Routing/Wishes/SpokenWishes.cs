using System.Collections.Frozen;

namespace HybridConversations.Routing;

/// <summary>The wishes about where to think that a person may speak, in every language that is heard.</summary>
internal sealed class SpokenWishes
{
    private readonly FrozenDictionary<int, Entry[]> _byBeginning;
    private readonly bool[] _firstLetters = new bool[char.MaxValue + 1];
    private readonly Entry[] _anywhere;

    private SpokenWishes(Func<WishLanguage, IReadOnlyList<SpokenWish>> kind, Func<WishLanguage, IReadOnlyList<SpokenWish>>? unless = null)
    {
        var entries = WishLanguage.All.SelectMany(language => kind(language).Select(wish => new Entry(wish, language.Grammar, [.. unless?.Invoke(language) ?? []]))).ToArray();
        _anywhere = [.. entries.Where(entry => entry.Wish.Pattern.Beginnings is null)];
        _byBeginning = entries
            .SelectMany(entry => (entry.Wish.Pattern.Beginnings ?? []).Select(beginning => (Key: KeyOf(beginning.AsSpan().TrimEnd('*')), Entry: entry)).Distinct())
            .GroupBy(entry => entry.Key, entry => entry.Entry)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
        foreach (var key in _byBeginning.Keys)
        {
            _firstLetters[(char)key] = true;
        }
    }

    /// <summary>"Think hard", "ask the cloud", "use the big model", "take your time and think".</summary>
    public static SpokenWishes Cloud { get; } = new(language => language.Cloud);

    /// <summary>"Stay local", "use the small model", "don't ask the cloud", "don't think too hard".</summary>
    public static SpokenWishes Local { get; } = new(language => language.Local);

    /// <summary>"Keep this private", "don't send this to the cloud", "just between us"; not where the same words lift it.</summary>
    public static SpokenWishes Privacy { get; } = new(language => language.Privacy, language => language.Lift);

    /// <summary>"This is no longer private", "end private mode".</summary>
    public static SpokenWishes Lift { get; } = new(language => language.Lift);

    /// <summary>The label of the first wish that is spoken; null when there is none.</summary>
    public string? Find(scoped in WordList words) => Find(words, 0, words.Count);

    /// <summary>The same, of those that begin from word <paramref name="from"/> on and before word <paramref name="to"/>.</summary>
    public string? Find(scoped in WordList words, int from, int to)
    {
        for (var start = from; start < to; start++)
        {
            var word = words.Text(start);
            if (_firstLetters[word[0]] && _byBeginning.TryGetValue(KeyOf(word), out var entries) && Spoken(entries, words, start) is { } wish)
            {
                return wish;
            }

            if (Spoken(_anywhere, words, start) is { } other)
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>The same in a whole text, however long: what is asked stands at its ends, a wish may stand anywhere.</summary>
    public string? FindAnywhere(ReadOnlySpan<char> text)
    {
        // Windows that overlap: each finds the wishes that begin in its middle, with the words before and after them in view.
        var words = new WordList(stackalloc char[Window * WordList.MaxWordLength], stackalloc Word[Window], plain: true);
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
    private const int Step = 144;
    private const int Before = 8;
    private const int Window = 192;

    /// <summary>How far before a wish the words that lift it may begin.</summary>
    private const int LiftReach = 6;

    private static string? Spoken(Entry[] entries, scoped in WordList words, int start)
    {
        foreach (var (wish, grammar, unless) in entries)
        {
            if (wish.SpokenAt(words, start, grammar) is > 0 and var end && !IsLifted(unless, grammar, words, start, end))
            {
                return wish.Label;
            }
        }

        return null;
    }

    private static bool IsLifted(SpokenWish[] lifts, IWishGrammar grammar, scoped in WordList words, int start, int end)
    {
        foreach (var lift in lifts)
        {
            for (var at = Math.Max(0, start - LiftReach); at < end; at++)
            {
                if (lift.SpokenAt(words, at, grammar) > start)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The first two letters; two characters of a script without blanks are two words.</summary>
    private static int KeyOf(ReadOnlySpan<char> word) => word.Length == 1 ? word[0] : word[0] | (word[1] << 16);

    /// <param name="Wish">A wish.</param>
    /// <param name="Grammar">Of its language.</param>
    /// <param name="Unless">The wishes that undo it, if they are spoken in the same words.</param>
    private readonly record struct Entry(SpokenWish Wish, IWishGrammar Grammar, SpokenWish[] Unless);
}
