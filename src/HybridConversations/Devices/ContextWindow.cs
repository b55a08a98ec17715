using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Text;

namespace HybridConversations.Devices;

/// <summary>
/// Fits a conversation into a number of tokens: keeps the system prompt and the newest whole turns. When something must go, more goes than has to
/// (down to 70 %), so that not every following turn moves the window and breaks the prefix.
/// </summary>
internal sealed class ContextWindow(IModelBackend backend, PromptRenderer renderer)
{
    private const double KeepAfterDrop = 0.7;
    private const int TemplateTokensPerMessage = 8;

    /// <summary>Characters of a token beyond which a text is unusual.</summary>
    private const long LongPerToken = 16;

    /// <param name="messages">Optional system message, then turns.</param>
    /// <param name="room">Tokens the prompt may have.</param>
    /// <returns>The prompt and how many of the oldest messages behind the system prompt were left out.</returns>
    public (Prompt Prompt, int Dropped) Fit(IReadOnlyList<ChatMessage> messages, int room)
    {
        // A text that is long for its room is counted by its messages first: a conversation of years need not be rendered whole to know that it does not fit.
        var prompt = Characters(messages) <= LongPerToken * room || messages.Sum(m => (long)Estimate(m)) <= room ? renderer.Render(messages) : null;
        if (prompt is not null && prompt.Tokens.Length <= room)
        {
            return (prompt, 0);
        }

        var first = messages[0].Role == ChatMessage.System ? 1 : 0;
        var start = first;
        var total = messages.Take(first).Sum(Estimate);
        var keep = messages.Count;
        while (keep > first && total + Estimate(messages[keep - 1]) <= room * KeepAfterDrop)
        {
            total += Estimate(messages[--keep]);
        }

        for (start = NextTurn(messages, Math.Min(keep, messages.Count - 1)); ; start = NextTurn(messages, start + 1))
        {
            prompt = renderer.Render([.. messages.Take(first), .. messages.Skip(start)]);
            if (prompt.Tokens.Length <= room)
            {
                return (prompt, start - first);
            }

            if (start >= messages.Count - 1)
            {
                throw new ProblemException(ProblemCodes.PromptTooLong(prompt.Tokens.Length, room));
            }
        }
    }

    /// <summary>A turn begins with the person's words; the last message is one.</summary>
    private static int NextTurn(IReadOnlyList<ChatMessage> messages, int from)
    {
        var at = from;
        while (at < messages.Count - 1 && messages[at].Role != ChatMessage.User)
        {
            at++;
        }

        return at;
    }

    private int Estimate(ChatMessage message) =>
        TemplateTokensPerMessage + backend.Tokenize(message.Content, addSpecial: false, parseSpecial: false).Length;

    private static long Characters(IReadOnlyList<ChatMessage> messages) => messages.Sum(m => (long)m.Content.Length);
}
