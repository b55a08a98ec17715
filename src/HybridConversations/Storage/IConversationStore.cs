namespace HybridConversations.Storage;

/// <summary>All conversations on record.</summary>
public interface IConversationStore : IAsyncDisposable
{
    /// <summary>The log of a conversation, which need not exist yet.</summary>
    IConversationLog Open(string conversationId);

    /// <summary>A page, most recently used first.</summary>
    Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IConversationArchive.Find"/>
    Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>Ids of conversations that were last used before <paramref name="before"/>, oldest first; <paramref name="skip"/> are left out.</summary>
    Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit);
}
