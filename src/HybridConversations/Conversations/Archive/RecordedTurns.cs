namespace HybridConversations.Conversations.Archive;

/// <summary>A page of a history as what brings it back.</summary>
public static class RecordedTurns
{
    /// <param name="page">As it was read.</param>
    /// <param name="after">Turns that are there already; 0 begins the conversation.</param>
    public static ConversationChange Of(ConversationPage page, long after) => after == 0
        ? new BeginConversation(page.System, page.Note, page.Turns, page.BegunAt) { Tools = page.Tools }
        : new AddTurns(after, page.Turns);
}
