using System.Buffers;
using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Text;

/// <summary>Does a sentence end at a mark?</summary>
internal enum SentenceEnd
{
    No,
    Yes,

    /// <summary>The text that comes next will tell.</summary>
    Unknown,
}

/// <summary>Judges one mark (full stop, question mark, line break …) in a text that begins with a sentence. Pure.</summary>
internal static class SentenceBoundary
{
    private const string Hard = "。！？｡।॥؟۔";
    private const string Closers = "\"'”’»›)]}*_`」』）】》〉〕";
    private const string LineBreaks = "\n\u2028\u2029";

    private static readonly SearchValues<char> HardMarks = SearchValues.Create(Hard);
    private static readonly SearchValues<char> WordEdges = SearchValues.Create(" \t\r\u00A0([{\"'“‘«");

    /// <summary>Everything that may end a sentence, but for line breaks.</summary>
    public const string Terminators = ".!?…‽" + Hard;

    /// <param name="text">From the first character of the sentence.</param>
    /// <param name="mark">Index of the mark.</param>
    /// <param name="last">True when no text comes behind.</param>
    /// <param name="end">Where the sentence ends (exclusive), or from where to look on.</param>
    public static SentenceEnd Judge(ReadOnlySpan<char> text, int mark, bool last, out int end)
    {
        end = mark + 1;
        if (LineBreaks.Contains(text[mark]))
        {
            return SentenceEnd.Yes;
        }

        while (end < text.Length && Terminators.Contains(text[end]))
        {
            end++;
        }

        var run = text[mark..end];
        if (!SkipClosers(text, ref end) || end == text.Length)
        {
            return last ? SentenceEnd.Yes : SentenceEnd.Unknown;
        }

        var next = text[end];
        if (run.ContainsAny(HardMarks))
        {
            return text[end - 1] is '」' or '』' && next is 'と' or 'っ' or '、' ? SentenceEnd.No : SentenceEnd.Yes;
        }

        if (!char.IsWhiteSpace(next))
        {
            return IsCjk(next) && mark > 0 && IsCjk(text[mark - 1]) ? SentenceEnd.Yes : SentenceEnd.No;
        }

        if (LineBreaks.Contains(next))
        {
            return SentenceEnd.Yes;
        }

        var closed = end > mark + run.Length;
        if (!closed && run.IndexOfAny("!?‽") >= 0)
        {
            return SentenceEnd.Yes;
        }

        var following = FollowingWord.Read(text[end..], last);
        return closed || run is not "."
            ? following.Begins(SentenceStart.NotLowerCase)
            : AfterFullStop(text[..mark], following);
    }

    private static SentenceEnd AfterFullStop(ReadOnlySpan<char> before, FollowingWord following)
    {
        var wordStart = before.LastIndexOfAny(WordEdges) + 1;
        var word = before[wordStart..].TrimStart("*_`");
        if (ListMarker.Is(word, before[..(before.Length - word.Length)]))
        {
            return SentenceEnd.No;
        }

        if (word.Length is 1 or 2 && !word.ContainsAnyExceptInRange('0', '9') && Abbreviations.BringsOrdinal(WordBefore(before[..wordStart])))
        {
            return SentenceEnd.No;
        }

        return Abbreviations.Classify(word) switch
        {
            AbbreviationKind.None => SentenceEnd.Yes,
            AbbreviationKind.NeverLast => SentenceEnd.No,
            AbbreviationKind.BeforeNumber => following.Begins(SentenceStart.NotDigit),
            AbbreviationKind.Variable => following.Begins(SentenceStart.NotLowerCase),
            _ => following.Begins(SentenceStart.KnownWord),
        };
    }

    private static ReadOnlySpan<char> WordBefore(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd();
        return trimmed[(trimmed.LastIndexOfAny(WordEdges) + 1)..];
    }

    // Quotes, brackets, emphasis marks and emoji behind the mark belong to its sentence. False when the text ends inside a surrogate pair.
    private static bool SkipClosers(ReadOnlySpan<char> text, ref int end)
    {
        while (end < text.Length)
        {
            if (Closers.Contains(text[end]))
            {
                end++;
            }
            else if (char.IsHighSurrogate(text[end]) && end + 1 == text.Length)
            {
                return false;
            }
            else if (Rune.DecodeFromUtf16(text[end..], out var rune, out var length) == OperationStatus.Done && IsPictograph(rune))
            {
                end += length;
            }
            else
            {
                break;
            }
        }

        return true;
    }

    private static bool IsPictograph(Rune rune) => rune.Value switch
    {
        < 0x200D => false,
        0x200D or 0xFE0E or 0xFE0F or 0x20E3 => true, // joiner, variation selectors, keycap
        >= 0x1F3FB and <= 0x1F3FF => true, // skin tones
        >= 0xE0020 and <= 0xE007F => true, // tags, in flags
        _ => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol,
    };

    private static bool IsCjk(char value) => value is >= '\u2E80' and <= '\uD7FF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF';
}
