namespace HybridConversations.Orleans.Storage;

/// <summary>Which devices hold something of which conversation (KV states, snapshots, drafts), and what they still owe to forget. Durable. Thread-safe.</summary>
internal interface IHolders
{
    /// <summary>Puts a device on record before it is shown the first word of a conversation.</summary>
    Task Add(string conversationId, string deviceId);

    /// <summary>All devices that are on record for the conversation.</summary>
    Task<IReadOnlyList<string>> Of(string conversationId);

    /// <summary>From now on these devices owe to forget the conversation.</summary>
    Task Owe(string conversationId, IReadOnlyList<string> devices);

    /// <summary>The conversation is gone: takes its devices off the record. What they owe stays.</summary>
    Task Remove(string conversationId);

    /// <summary>Conversations that the device still has to forget, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<string>> OwedBy(string deviceId, int limit);

    /// <summary>The device has forgotten the conversation.</summary>
    Task Settle(string conversationId, string deviceId);
}
