namespace HybridConversations.Http.Items;

/// <summary>What is on record of conversations, for those who know their ids.</summary>
internal static class ConversationRecords
{
    /// <exception cref="ProblemException"><c>invalid-request</c>: not an id; 501: these conversations are another server's.</exception>
    public static IConversationRecord Record(this IConversations conversations, string conversationId) => conversations.Get(conversationId) as IConversationRecord
        ?? throw new ProblemException(new Problem(ProblemCodes.NotImplemented, StatusCodes.Status501NotImplemented,
            "These conversations are kept by another server, which alone can read their turns one by one: ask that one."));

    /// <summary>The turn of a response; null when there is none, or it was deleted.</summary>
    public static async Task<TurnRecord?> Find(this IConversations conversations, ResponseId id, CancellationToken cancellationToken) =>
        await conversations.Record(id.ConversationId).Find(id.TurnId, cancellationToken) is { IsErased: false } turn ? turn : null;
}
