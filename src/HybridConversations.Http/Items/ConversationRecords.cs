namespace HybridConversations.Http.Items;

/// <summary>What is on record of conversations, for those who know their ids.</summary>
internal static class ConversationRecords
{
    /// <summary>The turn of a response; null when there is none, or it was deleted.</summary>
    public static async Task<TurnRecord?> Find(this IConversations conversations, ResponseId id, CancellationToken cancellationToken) =>
        await conversations.Record(id.ConversationId).Find(id.TurnId, cancellationToken) is { IsErased: false } turn ? turn : null;
}
