using System.Collections.Frozen;

namespace HybridConversations.Routing;

/// <summary>
/// Classes of words that do the same job in a request (programming languages, kinds of document, things of the home), in all languages at once: what is
/// learned from "a script in Kotlin" holds for one in Lua, and from "write a script" for "schreib ein Skript" and 写一个脚本. Read from <c>Lexicon/*.txt</c>;
/// <c>en.txt</c> names the classes, at most 64. A star at the end of a word stands for any ending.
/// </summary>
internal static class Lexicon
{
    /// <summary>Characters of a term in a script without blanks, at most.</summary>
    public const int LongestTerm = 8;

    private const int ShortestStem = 2;
    private const int LongestStem = 12;

    private static readonly LexiconFile Words = LexiconFile.ReadAll();
    private static readonly FrozenDictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Exact = Words.Exact.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenDictionary<uint, ulong> Stems = Words.Stems.ToFrozenDictionary(stem => WordList.Hash(stem.Key), stem => stem.Value);
    private static readonly FrozenDictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Terms = Words.Terms.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Functions = Words.Functions.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Numbers = Words.Numbers.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The words that hold sentences together, by language; English too.</summary>
    public static IReadOnlyDictionary<string, HashSet<string>> FunctionsByLanguage { get; } = new Dictionary<string, HashSet<string>>(Words.FunctionsByLanguage, StringComparer.Ordinal) { ["en"] = WordVocabulary.EnglishFunctions };

    /// <summary>The classes of a word, a bit each; an English plural has those of its singular, any other word those of its longest known stem.</summary>
    public static ulong ClassesOf(ReadOnlySpan<char> word)
    {
        if (Exact.TryGetValue(word, out var classes))
        {
            return classes;
        }

        if (word.Length > 3 && word[^1] == 's' && Exact.TryGetValue(word[..^1], out classes))
        {
            return classes;
        }

        var hash = WordList.Hash(word[..Math.Min(word.Length, ShortestStem)]);
        for (var length = ShortestStem + 1; length <= Math.Min(word.Length, LongestStem); length++)
        {
            hash = WordList.Extend(hash, word[length - 1]);
            if (Stems.TryGetValue(hash, out var longer))
            {
                classes = longer;
            }
        }

        return classes;
    }

    /// <summary>The classes of the longest term that ends where a run of characters does.</summary>
    public static ulong TermEndingIn(ReadOnlySpan<char> run)
    {
        for (var length = Math.Min(run.Length, LongestTerm); length > 0; length--)
        {
            if (Terms.TryGetValue(run[^length..], out var classes))
            {
                return classes;
            }
        }

        return 0;
    }

    /// <summary>Does it hold sentences together in a language other than English?</summary>
    public static bool IsFunction(ReadOnlySpan<char> word) => Functions.Contains(word);

    /// <summary>Is it a number in words, in a language other than English?</summary>
    public static bool IsNumber(ReadOnlySpan<char> word) => Numbers.Contains(word);
}
