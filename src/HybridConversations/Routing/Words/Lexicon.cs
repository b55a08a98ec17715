using System.Collections.Frozen;

namespace HybridConversations.Routing;

/// <summary>
/// The <see cref="WordClasses"/> in languages other than English, all at once: what is learned from "write a script" holds for "schreib ein Skript" and
/// 写一个脚本. Read from <c>Lexicon/*.txt</c>. A star at the end of a word stands for any ending. English words count where no other language has them (python, server).
/// </summary>
internal static class Lexicon
{
    /// <summary>Characters of a term in a script without blanks, at most.</summary>
    public const int LongestTerm = 8;

    private const int ShortestStem = 2;
    private const int LongestStem = 12;

    private static readonly LexiconFile Words = LexiconFile.ReadAll();
    private static readonly FrozenSet<string> FunctionSet = FunctionWords.All.Where(language => language.Key != "en").SelectMany(language => language.Value).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Exact = WithEnglish().GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenDictionary<uint, ulong> Stems = Words.Stems.ToFrozenDictionary(stem => WordList.Hash(stem.Key), stem => stem.Value);
    private static readonly FrozenDictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Terms = Words.Terms.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Functions = FunctionSet.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Numbers = Words.Numbers.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The classes of a word, a bit each: its own, or those of its longest known stem.</summary>
    public static ulong ClassesOf(ReadOnlySpan<char> word)
    {
        if (Exact.TryGetValue(word, out var classes))
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

    /// <summary>Does it hold sentences together?</summary>
    public static bool IsFunction(ReadOnlySpan<char> word) => Functions.Contains(word);

    /// <summary>Is it a number in words?</summary>
    public static bool IsNumber(ReadOnlySpan<char> word) => Numbers.Contains(word);

    private static FrozenDictionary<string, ulong> WithEnglish()
    {
        var exact = new Dictionary<string, ulong>(Words.Exact, StringComparer.Ordinal);
        foreach (var (word, classes) in WordClasses.Table)
        {
            if (!FunctionSet.Contains(word))
            {
                exact.TryAdd(word, classes);
            }
        }

        return exact.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
