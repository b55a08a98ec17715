namespace HybridConversations.Orleans.Storage;

/// <summary>The list of all conversations. Thread-safe.</summary>
internal interface IConversationIndex
{
    /// <summary>Puts a conversation first, or where its time says.</summary>
    Task Touch(ConversationSummary conversation);

    /// <summary>What a line says of a conversation when its newest turn does not say it.</summary>
    static ConversationSummary Merge(ConversationSummary before, ConversationSummary news) => news with
    {
        Title = news.Title ?? before.Title,
        Preview = news.Preview ?? before.Preview,
        State = news.State ?? before.State,
        Route = news.State is null ? before.Route : news.Route,
        AnsweredBy = news.State is null ? before.AnsweredBy : news.AnsweredBy,
    };

    Task Remove(string conversationId);

    /// <summary>A page, most recently used first.</summary>
    Task<ConversationList> List(string? cursor, int limit);

    /// <summary>Conversations that nobody has used since <paramref name="before"/>, oldest first; <paramref name="skip"/> are left out.</summary>
    Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit);
}
