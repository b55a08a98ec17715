namespace HybridConversations.Conversations;

/// <summary>A device that an <see cref="IDevicePicker"/> had to choose, with the reason, which goes on record with the route.</summary>
public interface IChosenDevice : IDevice
{
    /// <summary>One sentence for a person.</summary>
    string Reason { get; }
}
