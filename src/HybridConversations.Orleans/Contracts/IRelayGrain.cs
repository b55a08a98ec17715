using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>
/// A silo that passes calls on to conversations, by its name: for callers that cannot reach the conversation's silo and can reach this one. Costs one more hop.
/// </summary>
[Alias("hc.relay")]
[Version(1)]
public interface IRelayGrain : IGrainWithStringKey
{
    /// <summary><see cref="IConversation.Say"/> of a conversation.</summary>
    [Alias("say")]
    IAsyncEnumerable<ReplyEvent> Say(string conversationId, Turn turn, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversation.Interrupt"/> of a conversation.</summary>
    [Alias("interrupt")]
    Task<InterruptResult> Interrupt(string conversationId, string? heard, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversation.InterruptTurn"/> of a conversation.</summary>
    [Alias("interrupt-turn")]
    Task<InterruptResult> InterruptTurn(string conversationId, string turnId, string? heard, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversation.Listen"/> of a conversation.</summary>
    [Alias("listen")]
    Task Listen(string conversationId, SpokenDraft draft, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversation.Read"/> of a conversation.</summary>
    [Alias("read")]
    Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversation.Forget"/> of a conversation.</summary>
    [Alias("forget")]
    Task<Deletion?> Forget(string conversationId, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversation.Delete"/> of a conversation.</summary>
    [Alias("delete")]
    Task<bool> Delete(string conversationId, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversationRecord.Find"/> of a conversation.</summary>
    [Alias("find")]
    Task<TurnRecord?> Find(string conversationId, string turnId, CancellationToken cancellationToken = default);

    /// <summary><see cref="IConversationRecord.Change"/> of a conversation.</summary>
    [Alias("change")]
    Task<bool> Change(string conversationId, ConversationChange change, CancellationToken cancellationToken = default);
}
