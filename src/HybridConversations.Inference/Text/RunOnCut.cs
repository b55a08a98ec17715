using System.Buffers;
using System.Globalization;

namespace HybridConversations.Inference.Text;

/// <summary>Where to cut text that runs on without the end of a sentence.</summary>
internal static class RunOnCut
{
    private static readonly SearchValues<char> Clauses = SearchValues.Create(",;:—–、，；：،؛");

    /// <summary>Length of the part to cut off, from 1 to all of <paramref name="text"/>.</summary>
    public static int Find(ReadOnlySpan<char> text)
    {
        // A clause in the first quarter would make the speaker breathe too soon.
        for (var end = text.Length; end > text.Length / 4; end = text[..end].LastIndexOfAny(Clauses))
        {
            if (end < text.Length && (text[end] >= '\u2E80' || char.IsWhiteSpace(text[end + 1 < text.Length ? end + 1 : end])))
            {
                return end + 1;
            }
        }

        for (var end = text.Length - 1; end > 0; end--)
        {
            if (char.IsWhiteSpace(text[end]))
            {
                return end;
            }
        }

        return BetweenCharacters(text);
    }

    // Not through a surrogate pair, an accent, or an emoji made of several.
    private static int BetweenCharacters(ReadOnlySpan<char> text)
    {
        if (char.IsHighSurrogate(text[^1]))
        {
            text = text[..^1];
        }

        var end = 0;
        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text[end..]);
            if (next == text.Length)
            {
                break;
            }

            end = next;
        }

        return end > 0 ? end : text.Length;
    }
}
