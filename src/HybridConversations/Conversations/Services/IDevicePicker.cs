namespace HybridConversations.Conversations;

/// <summary>Chooses the device of each turn: the only one there is, or a fleet's. Thread-safe.</summary>
public interface IDevicePicker
{
    /// <summary>The device that should answer: where the KV is (<see cref="Storage.ConversationHead.Kv"/>), unless another one would be done sooner.</summary>
    /// <exception cref="ProblemException">No device can take the turn.</exception>
    ValueTask<IDevice> Pick(Storage.ConversationHead head, Turn turn, CancellationToken cancellationToken = default);
}
