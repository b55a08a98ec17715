namespace HybridConversations.Conversations;

/// <summary>Why a running turn shall end before its reply is whole.</summary>
internal enum StopReason
{
    /// <summary>Someone speaks, or says what was heard: the reply ends there and is settled.</summary>
    BargeIn,

    /// <summary>Nobody listens any more: the turn may be sent again.</summary>
    CallerLeft,

    /// <summary>The reader took nothing for too long and someone else wants to talk.</summary>
    SlowReader,

    /// <summary>The host goes down.</summary>
    Stopping,

    /// <summary>The conversation is being deleted: nothing is stored.</summary>
    Deleted,
}

/// <param name="Reason">Why.</param>
/// <param name="Heard">What the listener heard, where someone said so.</param>
internal sealed record StopRequest(StopReason Reason, string? Heard = null)
{
    public static StopRequest CallerLeft { get; } = new(StopReason.CallerLeft);
}
