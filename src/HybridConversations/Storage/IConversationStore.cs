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
}
