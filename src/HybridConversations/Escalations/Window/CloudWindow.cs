namespace HybridConversations.Escalations.Window;

/// <summary>Cuts a conversation to a model's window: the system message and the newest whole turns stay.</summary>
internal static class CloudWindow
{
    /// <summary>
    /// The messages that fit <paramref name="room"/> tokens. A turn is kept or left out whole. Null when the system message and the newest turn alone do not fit.
    /// </summary>
    public static IReadOnlyList<ChatMessage>? Fit(IReadOnlyList<ChatMessage> messages, int room, TokenEstimate estimate)
    {
        var heads = messages.TakeWhile(m => m.Role == ChatMessage.System).ToArray();
        var left = room - estimate.Of(heads);
        var from = messages.Count;
        for (var end = messages.Count; end > heads.Length;)
        {
            var begin = ChatMessage.TurnStart(messages, end - 1, heads.Length);
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
