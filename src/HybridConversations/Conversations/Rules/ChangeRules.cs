namespace HybridConversations.Conversations;

/// <summary>What a change of the record must be like.</summary>
internal static class ChangeRules
{
    public static IEnumerable<string> Check(ConversationChange change) => change switch
    {
        BeginConversation begin =>
        [
            .. begin.System is null ? [] : TextRules.Check("system", begin.System, Limits.MaxSystemCharacters),
            .. EarlierRules.CheckNote(begin.Note),
            .. begin.Turns.Count > Limits.MaxFirstTurns ? [$"A conversation begins with at most {Limits.MaxFirstTurns} turns; {begin.Turns.Count} were given."] : (string[])[],
            .. begin.Turns.SelectMany(turn => TextRules.CheckId("turnId", turn.TurnId, inPath: false)),
            .. begin.Turns.Any(turn => turn.State == TurnState.Running) ? ["A conversation begins with turns that have ended."] : (string[])[],
            .. begin.Turns.Select(turn => turn.TurnId).Distinct(StringComparer.Ordinal).Count() < begin.Turns.Count ? ["Two turns have the same id."] : (string[])[],
        ],
        ChangeNote note => EarlierRules.CheckNote(note.Note),
        AddMessages add => TextRules.CheckId("turnId", add.TurnId, inPath: false).Concat(add.Messages is { Count: > 0 } ? EarlierRules.Check(add.Messages) : ["messages is empty."]),
        EraseTurn erase => erase.Index >= 0 ? [] : ["index must be at least 0."],
        _ => [],
    };
}
