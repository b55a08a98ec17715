namespace HybridConversations.Conversations;

/// <summary>Leaves out what a reader has had: a number of characters of the reply, and the sentences that end within them.</summary>
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
                var skip = Math.Clamp(received - _text, 0, text.Text.Length);
                _text += text.Text.Length;
                return skip == 0 ? text : skip == text.Text.Length ? null : new ReplyText(text.Text[skip..]);
            case ReplySentence sentence:
                // White space between sentences belongs to none, so this is where the sentence ends at the earliest.
                _sentences += sentence.Text.Length;
                return received > 0 && _sentences <= received ? null : sentence;
            case ReplyRouted routed when received > 0:
                return routed with { From = received };
            case ReplyBridge or ReplyReasoning when received > 0:
                return null;
            default:
                return next;
        }
    }
}
