using HybridConversations.Conversations;
using HybridConversations.Storage;

namespace HybridConversations.InProcess;

/// <summary>The picker of one machine: there is one device.</summary>
public sealed class SingleDevicePicker(IDevice device) : IDevicePicker
{
    public ValueTask<IDevice> Pick(ConversationHead head, Turn turn, CancellationToken cancellationToken = default) => new(device);
}
