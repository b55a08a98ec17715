namespace HybridConversations.Orleans.Storage;

/// <summary>The list of all conversations. Thread-safe.</summary>
internal interface IConversationIndex
{
    /// <summary>Puts a conversation first, or where its time says.</summary>
    Task Touch(ConversationSummary conversation);

    Task Remove(string conversationId);

    /// <summary>A page, most recently used first.</summary>
    Task<ConversationList> List(string? cursor, int limit);

    /// <summary>Conversations that nobody has used since <paramref name="before"/>, oldest first; <paramref name="skip"/> are left out.</summary>
    Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit);
}
