namespace HybridConversations.Conversations.Forgetting;

/// <summary>Conversations that nobody has used for long. Thread-safe.</summary>
public interface IUnusedConversations
{
    /// <summary>Ids of conversations that were last used before <paramref name="before"/>, oldest first.</summary>
    /// <param name="before">When they were used last, at the latest.</param>
    /// <param name="skip">Leave out so many.</param>
    /// <param name="limit">Return so many at most.</param>
    Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit);

    /// <summary>Looks again, and forgets the conversation where nobody has used it since <paramref name="before"/>. Brings nothing into memory.</summary>
    /// <returns>False when it was kept.</returns>
    Task<bool> ForgetUnused(string conversationId, DateTimeOffset before);
}
