using System.Collections.Frozen;

namespace HybridConversations.Routing;

/// <summary>The few words that the reader must know by heart. English; other languages have content words only, and are routed by them.</summary>
internal static class WordVocabulary
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Fillers = Set("um uh uhm umm uhh er erm hm hmm hmmm mm mmm ah eh");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Numbers = Set(
        """
        zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
        twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion
        """);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Functions = FunctionWords.ByLanguage["en"].GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Acknowledgements = Set(
        """
        thanks thank you cheers ta great cool nice perfect awesome lovely brilliant wow ok okay right good fine sure yes yeah yep alright super got it
        i see very much a lot so that is thats helpful interesting wait sorry hold on second please well love
        """);

    /// <summary>A word of "thanks, that's great": a turn of nothing else is about no subject.</summary>
    public static bool IsAcknowledgement(ReadOnlySpan<char> word) => Acknowledgements.Contains(word);

    public static bool IsFiller(ReadOnlySpan<char> word) => Fillers.Contains(word);

    /// <summary>A number word, or anything with more digits than letters ("4512", "3rd", "60").</summary>
    public static bool IsNumber(ReadOnlySpan<char> word)
    {
        if (!char.IsAsciiDigit(word[0]))
        {
            return Numbers.Contains(word);
        }

        var digits = 0;
        foreach (var letter in word)
        {
            digits += char.IsAsciiDigit(letter) ? 1 : 0;
        }

        return digits * 2 >= word.Length;
    }

    public static WordKind KindOf(ReadOnlySpan<char> word) => Functions.Contains(word) ? WordKind.Function : WordKind.Content;

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
