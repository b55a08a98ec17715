using HybridConversations.Storage;

namespace HybridConversations.Conversations.Forgetting;

/// <summary>What devices hold of conversations beside the history (KV states in every tier, snapshots on disk, drafts), and how it is forgotten. Thread-safe.</summary>
public interface IDeviceMemories
{
    /// <summary>
    /// Called before a history is deleted: whatever holds something of the conversation has forgotten it, or it is durably on record that it must.
    /// </summary>
    /// <returns>Ids of the devices that ever held something of it.</returns>
    /// <exception cref="ProblemException">That could not be put on record; the history must stay.</exception>
    Task<IReadOnlyList<string>> Owe(ConversationHead head);

    /// <summary>Called when the history is gone: has those devices forget now. Never throws; who does not answer stays owed.</summary>
    Task<Deletion> Settle(string conversationId, IReadOnlyList<string> devices);
}
