using System.Collections.Frozen;
using System.Numerics;

namespace HybridConversations.Routing;

/// <summary>Guesses which of the languages that are known somebody speaks: by the script, else by the small words that hold sentences together.</summary>
internal static class SpokenLanguage
{
    private const string Default = "en";

    private static readonly string[] Languages = [.. FunctionWords.All.Select(language => language.Key)];
    private static readonly FrozenDictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> Speakers = FunctionWords.All
        .SelectMany((language, index) => language.Value.Select(word => (Word: word, Bit: 1u << index)))
        .GroupBy(entry => entry.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Aggregate(0u, (bits, entry) => bits | entry.Bit), StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Two letters, as in <c>de</c>; <c>en</c> where nothing speaks for another.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var words = new WordList(stackalloc char[WordList.MaxLetters], stackalloc Word[WordList.MaxWords], plain: true);
        WordReader.ReadUpTo(text, WordList.MaxWords, ref words);
        return Of(words);
    }

    /// <summary>The same of words that were read.</summary>
    public static string Of(scoped in WordList words) => ByScript(words) ?? BySmallWords(words);

    private static string? ByScript(scoped in WordList words)
    {
        string? script = null;
        for (var i = 0; i < words.Count; i++)
        {
            switch (words.Text(i)[0])
            {
                case >= '\u3041' and <= '\u30FF':
                    return "ja";
                case >= '\u4E00' and <= '\u9FFF':
                    script ??= "zh";
                    break;
                case >= '\u0900' and <= '\u097F':
                    script ??= "hi";
                    break;
                case >= '\u0600' and <= '\u06FF':
                    script ??= "ar";
                    break;
                case >= '\u0400' and <= '\u04FF':
                    script ??= "ru";
                    break;
            }
        }

        return script;
    }

    private static string BySmallWords(scoped in WordList words)
    {
        Span<int> votes = stackalloc int[Languages.Length];
        votes.Clear();
        for (var i = 0; i < words.Count; i++)
        {
            if (Speakers.TryGetValue(words.Text(i), out var speakers))
            {
                for (; speakers != 0; speakers &= speakers - 1)
                {
                    votes[BitOperations.TrailingZeroCount(speakers)]++;
                }
            }
        }

        var best = 0;
        for (var language = 1; language < votes.Length; language++)
        {
            best = votes[language] > votes[best] ? language : best;
        }

        return votes[best] == 0 ? Default : Languages[best];
    }
}
