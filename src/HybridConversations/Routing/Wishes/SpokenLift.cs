using System.Buffers;

namespace HybridConversations.Routing;

/// <summary>
/// The end of a wish for privacy. It opens what is said from then on, so it counts only where it is surely meant: in a sentence that asks nothing and quotes nobody.
/// Whoever meant it all the same says it once more.
/// </summary>
internal static class SpokenLift
{
    private const string Asks = "?？؟";
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!。！।\n" + Asks);
    private const string Quotes = "\"“”„«»「」『』‘‚";

    /// <summary>The label of the first that is meant; null when there is none.</summary>
    public static string? In(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var end = text.IndexOfAny(Ends) is var at and >= 0 ? at + 1 : text.Length;
            var sentence = text[..end];
            text = text[end..];
            if (!Asks.Contains(sentence[^1]) && !IsQuoting(sentence) && SpokenWishes.Lift.FindAnywhere(sentence) is { } lift)
            {
                return lift;
            }
        }

        return null;
    }

    /// <summary>An apostrophe within a word quotes nothing, one before a word does.</summary>
    private static bool IsQuoting(ReadOnlySpan<char> sentence)
    {
        for (var i = 0; i < sentence.Length; i++)
        {
            if (Quotes.Contains(sentence[i]) || (sentence[i] is '\'' && (i == 0 || sentence[i - 1] is ' ')))
            {
                return true;
            }
        }

        return false;
    }
}
