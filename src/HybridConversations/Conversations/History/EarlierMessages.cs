using HybridConversations.Routing;

namespace HybridConversations.Conversations;

/// <summary>What was said elsewhere before a turn, as that turn brought it.</summary>
public static class EarlierMessages
{
    /// <summary>It was erased, and keeps its place only.</summary>
    public static bool IsBlank(ChatMessage message) => message is { Content: "", ToolCalls.Count: 0, ToolCallId: null };

    /// <summary>Calls of one reply stand in one message, and what was erased is gone.</summary>
    public static IReadOnlyList<ChatMessage> Joined(IEnumerable<ChatMessage> messages)
    {
        var joined = new List<ChatMessage>();
        foreach (var message in messages)
        {
            if (message is { Role: ChatMessage.Assistant, Content: "", ToolCalls.Count: > 0 } && joined is [.., { Role: ChatMessage.Assistant } last])
            {
                joined[^1] = last with { ToolCalls = [.. last.ToolCalls, .. message.ToolCalls] };
            }
            else if (!IsBlank(message))
            {
                joined.Add(message);
            }
        }

        return joined;
    }

    /// <summary>Characters of contents, thoughts and calls.</summary>
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
