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
            .. Check(begin.Turns),
        ],
        AddTurns add => Check(add.Turns),
        ChangeNote note => EarlierRules.CheckNote(note.Note),
        AddMessages add => TextRules.CheckId("turnId", add.TurnId, inPath: false).Concat(add.Messages is { Count: > 0 } ? EarlierRules.Check(add.Messages) : ["messages is empty."]),
        EraseTurn erase => erase.Index >= 0 ? [] : ["index must be at least 0."],
        _ => [],
    };

    /// <summary>Turns that were said elsewhere.</summary>
    private static IEnumerable<string> Check(IReadOnlyList<TurnRecord> turns) =>
    [
        .. turns.Count > Limits.MaxFirstTurns ? [$"A conversation begins with at most {Limits.MaxFirstTurns} turns; {turns.Count} were given."] : (string[])[],
        .. turns.SelectMany(turn => TextRules.CheckId("turnId", turn.TurnId, inPath: false)),
        .. turns.SelectMany(turn => TextRules.Check("user", turn.User ?? "", Limits.MaxTurnCharacters)),
        .. turns.Any(turn => turn.User is null || turn.Reply is null) ? ["A turn has a user and a reply, which may be empty."] : (string[])[],
        .. turns.Any(turn => turn.State == TurnState.Running) ? ["A conversation begins with turns that have ended."] : (string[])[],
        .. turns.Select(turn => turn.TurnId).Distinct(StringComparer.Ordinal).Count() < turns.Count ? ["Two turns have the same id."] : (string[])[],
    ];
}
