using HybridConversations.Routing;

namespace HybridConversations.Conversations;

/// <summary>What was said elsewhere before a turn, as that turn brought it.</summary>
internal static class EarlierMessages
{
    /// <summary>It was erased, and keeps its place only.</summary>
    public static bool IsBlank(ChatMessage message) => message is { Content: "", ToolCalls.Count: 0, ToolCallId: null };

    public static long Characters(IEnumerable<ChatMessage> messages) =>
        messages.Sum(message => (long)message.Content.Length + (message.Reasoning?.Length ?? 0) + message.ToolCalls.Sum(call => (long)call.Name.Length + call.Arguments.Length));

    /// <summary>What wishes for privacy in it say, and which holds behind it. Words that a person spoke elsewhere count like those spoken here.</summary>
    public static SpokenPrivacy Privacy(IEnumerable<ChatMessage> messages, string? wish)
    {
        var all = wish is null ? SpokenPrivacy.Open : new SpokenPrivacy(wish, true, null);
        foreach (var message in messages.Where(message => message.Role == ChatMessage.User))
        {
            var one = SpokenPrivacy.Of(message.Content, all.Wish);
            all = new SpokenPrivacy(one.Wish, all.Covers || one.Covers, all.Reason ?? one.Reason);
        }

        return all;
    }
}
