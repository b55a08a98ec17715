namespace HybridConversations.Conversations;

/// <summary>What messages from elsewhere must be like.</summary>
internal static class EarlierRules
{
    private static readonly string[] Roles = [ChatMessage.System, ChatMessage.User, ChatMessage.Assistant, ChatMessage.Tool];

    public static IEnumerable<string> Check(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count > Limits.MaxEarlierMessages)
        {
            yield return $"earlier has {messages.Count} messages; at most {Limits.MaxEarlierMessages} are allowed.";
            yield break;
        }

        if (messages.Any(message => message?.Content is null || !Roles.Contains(message.Role) || message.ToolCalls is null || message.ToolCalls.Any(call => call is not { CallId: not null, Name: not null, Arguments: not null })))
        {
            yield return $"Every message of earlier must have a content, calls that are whole, and one of the roles {string.Join(", ", Roles)}.";
            yield break;
        }

        if (EarlierMessages.Characters(messages) is var characters and > Limits.MaxEarlierCharacters)
        {
            yield return $"earlier has {characters:N0} characters in all; at most {Limits.MaxEarlierCharacters:N0} are allowed.";
            yield break;
        }

        for (var i = 0; i < messages.Count; i++)
        {
            var texts = messages[i].ToolCalls.SelectMany(call => new[] { call.CallId, call.Name, call.Arguments }).Append(messages[i].Content).Append(messages[i].ToolCallId ?? "");
            foreach (var error in texts.SelectMany(text => TextRules.Check($"earlier[{i}]", text, Limits.MaxEarlierCharacters)))
            {
                yield return error;
            }
        }
    }

    public static IEnumerable<string> CheckNote(string? note) => note is null ? [] : TextRules.Check("note", note, Limits.MaxNoteCharacters);
}
