namespace HybridConversations.Conversations;

/// <summary>What is left of a turn when it, or a part of it, is erased. Pure.</summary>
internal static class Erasure
{
    /// <summary>Null when there is no such part, or nothing left to erase.</summary>
    public static TurnRecord? Of(TurnRecord turn, EraseTurn erase)
    {
        if (turn.IsErased || (erase.Part is not null && !Has(turn, erase)))
        {
            return null;
        }

        var rest = erase.Part switch
        {
            TurnPart.Earlier => turn with { Earlier = Blanked(turn.Earlier!, erase.Index) },
            TurnPart.ToolResult => turn with { ToolResults = OrNull([.. turn.ToolResults!.Where(result => result.CallId != erase.CallId)]) },
            TurnPart.ToolCall => turn with { ToolCalls = OrNull([.. turn.ToolCalls!.Where(call => call.CallId != erase.CallId)]), Reasoning = null },
            TurnPart.User => turn with { User = "" },
            TurnPart.Reply => turn with { Reply = "" },
            TurnPart.Reasoning => turn with { Reasoning = null },
            _ => turn with { User = "", Reply = "", Earlier = null, ToolResults = null, ToolCalls = null, Reasoning = null, Note = null, Problem = null, Feedback = null },
        };

        // It never runs again: who sends it once more does not bring back what was erased.
        return rest.State == TurnState.Completed ? rest : rest with { State = TurnState.Interrupted, Repeatable = false };
    }

    private static bool Has(TurnRecord turn, EraseTurn erase) => erase.Part switch
    {
        TurnPart.Earlier => erase.Index < turn.Earlier?.Count && !EarlierMessages.IsBlank(turn.Earlier[erase.Index]),
        TurnPart.ToolResult => turn.ToolResults?.Any(result => result.CallId == erase.CallId) is true,
        TurnPart.ToolCall => turn.ToolCalls?.Any(call => call.CallId == erase.CallId) is true,
        TurnPart.User => turn.User.Length > 0,
        TurnPart.Reply => turn.Reply.Length > 0,
        TurnPart.Reasoning => turn.Reasoning is not null,
        _ => false,
    };

    private static List<ChatMessage>? Blanked(IReadOnlyList<ChatMessage> messages, int index)
    {
        var rest = messages.Select((message, at) => at == index ? new ChatMessage(message.Role, "") : message).ToList();
        return rest.TrueForAll(EarlierMessages.IsBlank) ? null : rest;
    }

    private static IReadOnlyList<T>? OrNull<T>(IReadOnlyList<T> items) => items.Count == 0 ? null : items;
}
