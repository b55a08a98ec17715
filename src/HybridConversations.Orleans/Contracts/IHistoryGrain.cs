using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>Stored conversations for those who only look: nothing is activated, moved or written.</summary>
[Alias("hc.history")]
[Version(1)]
public interface IHistoryGrain : IGrainWithStringKey
{
    /// <summary>Key to call it by; any silo answers.</summary>
    const string Key = "history";

    /// <summary>A page of a conversation as it is stored; null when there is no such conversation.</summary>
    [Alias("read")]
    Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default);
}
