namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>Ids of calls for templates that take nine letters and digits: the same id always becomes the same one.</summary>
internal static class ShortCallId
{
    private const int Length = 9;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static ChatMessage Of(ChatMessage message) => message with
    {
        ToolCalls = [.. message.ToolCalls.Select(call => call with { CallId = Of(call.CallId) })],
        ToolCallId = message.Role == ChatMessage.Tool ? Of(message.ToolCallId ?? "") : message.ToolCallId,
    };

    private static string Of(string id)
    {
        if (id.Length == Length && id.All(char.IsAsciiLetterOrDigit))
        {
            return id;
        }

        var hash = 14695981039346656037UL;
        foreach (var character in id)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return string.Create(Length, hash, static (text, left) =>
        {
            foreach (ref var character in text)
            {
                character = Digits[(int)(left % (ulong)Digits.Length)];
                left /= (ulong)Digits.Length;
            }
        });
    }
}
