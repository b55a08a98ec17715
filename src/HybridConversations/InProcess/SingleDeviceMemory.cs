using HybridConversations.Conversations.Forgetting;
using HybridConversations.Storage;

namespace HybridConversations.InProcess;

/// <summary>
/// The memory of one machine: its device forgets first. A process that dies in between then leaves a history without a KV state, which costs time, and never a
/// KV state without a history, which would be words that nobody can delete any more.
/// </summary>
public sealed class SingleDeviceMemory(IDevice device) : IDeviceMemories
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> Owe(ConversationHead head)
    {
        await device.Forget(head.Id);
        return [(await device.Status()).DeviceId];
    }

    /// <inheritdoc/>
    public Task<Deletion> Settle(string conversationId, IReadOnlyList<string> devices) => Task.FromResult(new Deletion(devices, []));
}
