using System.Text;

namespace HybridConversations.Escalations.Window;

/// <summary>Tokens of a text for a model whose tokenizer is not here.</summary>
/// <param name="bytesPerToken">UTF-8 bytes that one token is taken for.</param>
internal readonly struct TokenEstimate(double bytesPerToken)
{
    /// <summary>Role and separators of one message; OpenAI's cookbook counts 3 and 3 for the beginning of the reply.</summary>
    private const int PerMessage = 4;

    /// <summary>The likely count, rather too high than too low.</summary>
    public int Of(string text) => (int)Math.Ceiling(Encoding.UTF8.GetByteCount(text) / bytesPerToken);

    public int Of(ChatMessage message)
    {
        var tokens = Of(message.Content) + PerMessage;
        foreach (var call in message.ToolCalls)
        {
            tokens += Of(call.Name) + Of(call.Arguments) + PerMessage;
        }

        return tokens;
    }

    public int Of(IReadOnlyList<ToolDefinition> tools)
    {
        var tokens = 0;
        foreach (var tool in tools)
        {
            tokens += Of(tool.Name) + Of(tool.Description ?? "") + Of(tool.Parameters ?? "") + 2 * PerMessage;
        }

        return tokens;
    }

    public int Of(IEnumerable<ChatMessage> messages)
    {
        var tokens = PerMessage;
        foreach (var message in messages)
        {
            tokens += Of(message);
        }

        return tokens;
    }

    /// <summary>
    /// What no tokenizer over bytes can exceed: a token for every byte, and twice the usual for the frame of each message.
    /// Budgets reserve by it, so that the bill cannot be larger than the reservation.
    /// </summary>
    public static int Bound(IEnumerable<ChatMessage> messages, IReadOnlyList<ToolDefinition> tools)
    {
        var tokens = 2 * PerMessage;
        foreach (var message in messages)
        {
            tokens += Encoding.UTF8.GetByteCount(message.Content) + 2 * PerMessage;
            foreach (var call in message.ToolCalls)
            {
                tokens += Encoding.UTF8.GetByteCount(call.Name + call.Arguments + call.CallId) + 2 * PerMessage;
            }
        }

        // A schema may be written with white space, or told in words of the model's own.
        foreach (var tool in tools)
        {
            tokens += 2 * Encoding.UTF8.GetByteCount(tool.Name + tool.Description + tool.Parameters) + 8 * PerMessage;
        }

        return tokens;
    }
}
