namespace HybridConversations.Escalations.Window;

/// <summary>Cuts a conversation to a model's window: the system message and the newest whole turns stay.</summary>
internal static class PromptWindow
{
    /// <summary>
    /// The messages that fit <paramref name="room"/> tokens. A turn is a user message with all that follows until the next one, and is kept or left
    /// out whole. Null when the system message and the newest turn alone do not fit.
    /// </summary>
    public static IReadOnlyList<ChatMessage>? Fit(IReadOnlyList<ChatMessage> messages, int room, TokenEstimate estimate)
    {
        var heads = messages.TakeWhile(m => m.Role == ChatMessage.System).ToArray();
        var left = room - estimate.Of(heads);
        var from = messages.Count;
        for (var end = messages.Count; end > heads.Length;)
        {
            var begin = end - 1;
            while (begin > heads.Length && messages[begin].Role != ChatMessage.User)
            {
                begin--;
            }

            for (var i = begin; i < end; i++)
            {
                left -= estimate.Of(messages[i]);
            }

            if (left < 0)
            {
                break;
            }

            from = end = begin;
        }

        if (from == messages.Count)
        {
            return null;
        }

        return from == heads.Length ? messages : [.. heads, .. messages.Skip(from)];
    }
}
