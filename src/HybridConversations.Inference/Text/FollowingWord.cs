namespace HybridConversations.Inference.Text;

/// <summary>What must follow a doubtful mark for the sentence to end there.</summary>
internal enum SentenceStart
{
    NotLowerCase,
    NotDigit,

    /// <summary>A word that often begins a sentence, such as "The".</summary>
    KnownWord,
}

/// <summary>The first word behind a mark, as far as it has come.</summary>
internal readonly ref struct FollowingWord
{
    private const string EndMarks = " \t\r\n\u00A0,.;:!?)\"”…—–-*";
    private readonly ReadOnlySpan<char> _word;
    private readonly bool _whole;
    private readonly bool _last;

    private FollowingWord(ReadOnlySpan<char> word, bool whole, bool last)
    {
        _word = word;
        _whole = whole;
        _last = last;
    }

    /// <param name="text">What follows the mark, beginning with white space.</param>
    /// <param name="last">True when no more text comes.</param>
    public static FollowingWord Read(ReadOnlySpan<char> text, bool last)
    {
        var word = text.TrimStart(" \t\r\u00A0").TrimStart("\"'“‘«([{*_`");
        var length = 0;
        while (length < word.Length && (char.IsLetterOrDigit(word[length]) || word[length] is '\'' or '’'))
        {
            length++;
        }

        return new FollowingWord(word[..Math.Min(word.Length, length + 1)], length < word.Length || last, last);
    }

    public SentenceEnd Begins(SentenceStart start)
    {
        if (_word.IsEmpty)
        {
            return _last ? SentenceEnd.Yes : SentenceEnd.Unknown;
        }

        return start switch
        {
            SentenceStart.NotLowerCase => char.IsLower(_word[0]) ? SentenceEnd.No : SentenceEnd.Yes,
            SentenceStart.NotDigit => char.IsDigit(_word[0]) ? SentenceEnd.No : SentenceEnd.Yes,
            _ when !char.IsUpper(_word[0]) => char.IsLetterOrDigit(_word[0]) ? SentenceEnd.No : SentenceEnd.Yes,
            _ when !_whole => SentenceEnd.Unknown,
            _ => Abbreviations.BeginsSentences(_word.TrimEnd(EndMarks)) ? SentenceEnd.Yes : SentenceEnd.No,
        };
    }
}
