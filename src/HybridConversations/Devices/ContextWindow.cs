using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Templates;
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

    /// <param name="input">Optional system message, then turns.</param>
    /// <param name="room">Tokens the prompt may have.</param>
    /// <returns>The prompt and how many of the oldest messages behind the system prompt were left out.</returns>
    public (Prompt Prompt, int Dropped) Fit(ChatInput input, int room)
    {
        var messages = input.Messages;

        // A text that is long for its room is counted by its messages first: a conversation of years need not be rendered whole to know that it does not fit.
        var prompt = Characters(messages) <= LongPerToken * room || messages.Sum(m => (long)Estimate(m)) <= room ? renderer.Render(input) : null;
        if (prompt is not null && prompt.Tokens.Length <= room)
        {
            return (prompt, 0);
        }

        var first = messages[0].Role == ChatMessage.System ? 1 : 0;

        // What the last person said, and all that follows, is never left out.
        var last = ChatMessage.TurnStart(messages, messages.Count - 1, first);
        var total = messages.Take(first).Sum(Estimate);
        var keep = messages.Count;
        while (keep > first && total + Estimate(messages[keep - 1]) <= room * KeepAfterDrop)
        {
            total += Estimate(messages[--keep]);
        }

        for (var start = NextTurn(messages, Math.Min(keep, last), last); ; start = NextTurn(messages, start + 1, last))
        {
            prompt = renderer.Render(input with { Messages = [.. messages.Take(first), .. messages.Skip(start)] });
            if (prompt.Tokens.Length <= room)
            {
                return (prompt, start - first);
            }

            if (start >= last)
            {
                throw new ProblemException(ProblemCodes.PromptTooLong(prompt.Tokens.Length, room));
            }
        }
    }

    private static int NextTurn(IReadOnlyList<ChatMessage> messages, int from, int last)
    {
        var at = from;
        while (at < last && messages[at].Role != ChatMessage.User)
        {
            at++;
        }

        return Math.Min(at, last);
    }

    private int Estimate(ChatMessage message) => TemplateTokensPerMessage + Tokens(message.Content) + message.ToolCalls.Sum(call => Tokens(call.Name) + Tokens(call.Arguments));

    private int Tokens(string text) => backend.Tokenize(text, addSpecial: false, parseSpecial: false).Length;

    private static long Characters(IReadOnlyList<ChatMessage> messages) => messages.Sum(m => m.Content.Length + m.ToolCalls.Sum(call => (long)call.Arguments.Length));
}
