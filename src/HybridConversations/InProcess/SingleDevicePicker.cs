using HybridConversations.Conversations;
using HybridConversations.Storage;

namespace HybridConversations.InProcess;

/// <summary>The picker of one machine: there is one device.</summary>
public sealed class SingleDevicePicker(IDevice device) : IDevicePicker
{
    /// <inheritdoc/>
    public async ValueTask<IDevice> Pick(ConversationHead head, Turn turn, CancellationToken cancellationToken = default) =>
        turn.Device is null || (await device.Status(cancellationToken)).DeviceId is var here && here == turn.Device
            ? device
            : throw new ProblemException(ProblemCodes.NoSuchDevice(turn.Device, [here]));
}
