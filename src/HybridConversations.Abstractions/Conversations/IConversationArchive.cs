namespace HybridConversations;

/// <summary>Conversations as they are on record, for whoever only looks: none is woken, moved or held up. Thread-safe.</summary>
public interface IConversationArchive
{
    /// <summary>
    /// A page of the conversations that a query means, most recently used first. Looks at a bounded number of them: a page may be short, even empty, and yet have a
    /// <see cref="ConversationList.Next"/>.
    /// </summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="cursor">Where a page before this one ended; null for the newest.</param>
    /// <param name="limit">Conversations at most, 1 to <see cref="Limits.MaxPage"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException"><c>invalid-request</c>: the cursor or the limit; <c>storage-failed</c>.</exception>
    Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>A page of a history, oldest first. Null when the conversation does not exist.</summary>
    Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default);
}
