namespace HybridConversations.Conversations;

/// <summary>
/// Leaves out what a reader has had: a number of characters of the reply, and the sentences that end within them. A character is a Unicode code point, which every
/// language can count (Python's <c>len</c>, JavaScript's <c>[...text].length</c>), and no half of one is ever told.
/// </summary>
internal sealed class RestOfReply(int received)
{
    private int _text;
    private int _sentences;

    /// <summary>What is left of an event; null when nothing is.</summary>
    public ReplyEvent? Of(ReplyEvent next)
    {
        switch (next)
        {
            case ReplyText text:
                var skip = Units(text.Text, received - _text);
                _text += Characters(text.Text);
                return skip == 0 ? text : skip == text.Text.Length ? null : new ReplyText(text.Text[skip..]);
            case ReplySentence sentence:
                // White space between sentences belongs to none, so this is where the sentence ends at the earliest.
                _sentences += Characters(sentence.Text);
                return received > 0 && _sentences <= received ? null : sentence;
            case ReplyRouted routed when received > 0:
                return routed with { From = received };
            case ReplyBridge or ReplyReasoning when received > 0:
                return null;
            default:
                return next;
        }
    }

    private static int Characters(string text)
    {
        var characters = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            characters++;
        }

        return characters;
    }

    /// <summary>Where the text goes on behind so many characters, in UTF-16 units.</summary>
    private static int Units(string text, int characters)
    {
        var units = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (characters-- <= 0)
            {
                break;
            }

            units += rune.Utf16SequenceLength;
        }

        return units;
    }
}
