namespace HybridConversations;

/// <summary>Who is there and how busy. One per cluster.</summary>
public interface IFleet
{
    /// <summary>Devices, endpoints and what they do, as this process sees them now.</summary>
    ValueTask<FleetView> View(CancellationToken cancellationToken = default);
}

/// <param name="Devices">By device id.</param>
/// <param name="Escalations">Cloud endpoints; empty when none is configured.</param>
public sealed record FleetView(IReadOnlyList<DeviceStatus> Devices, IReadOnlyList<EscalationStatus> Escalations);

/// <summary>All conversations, whoever hosts them: the one door that servers and clients go through.</summary>
public interface IConversations
{
    /// <summary>The conversation of this id; it begins to exist with its first turn.</summary>
    IConversation Get(string conversationId);

    /// <summary>A page of the list, most recently used first.</summary>
    Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default);
}
