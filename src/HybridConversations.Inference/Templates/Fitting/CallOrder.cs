namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>Several calls of one message, for a template that writes one at a time: each with its result behind it.</summary>
internal static class CallOrder
{
    public static IEnumerable<ChatMessage> OneByOne(IReadOnlyList<ChatMessage> messages)
    {
        for (var at = 0; at < messages.Count; at++)
        {
            var message = messages[at];
            if (message.ToolCalls.Count < 2)
            {
                yield return message;
                continue;
            }

            var results = messages.Skip(at + 1).TakeWhile(next => next.Role == ChatMessage.Tool).ToList();
            at += results.Count;
            foreach (var (index, call) in message.ToolCalls.Index())
            {
                yield return message with { ToolCalls = [call], Content = index == 0 ? message.Content : "", Reasoning = index == 0 ? message.Reasoning : null };
                if (results.Find(result => result.ToolCallId == call.CallId) is { } own)
                {
                    results.Remove(own);
                    yield return own;
                }
            }

            foreach (var other in results)
            {
                yield return other;
            }
        }
    }
}
