namespace HybridConversations.Http;

/// <summary>Bounds and times of the HTTP API.</summary>
public sealed record HttpLimits
{
    /// <summary>A body larger than this gets 413.</summary>
    public int MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>Turns and completions that are answered or wait at the same time; one more gets 503.</summary>
    public int OpenTurns { get; init; } = 256;

    /// <summary>A comment goes out when nothing else was sent for this long.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long <c>routed</c> waits for company, so that a device's refusal at the door can still be an HTTP status.</summary>
    public TimeSpan RefusalWindow { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The same for a turn with a deadline: whoever has one wants to be refused by a status, and at once means when the engine's step is over.</summary>
    public TimeSpan DeadlineRefusalWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What running turns get to end when the server stops; then they are cancelled.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);
}
