namespace HybridConversations;

/// <summary>One turn as stored. <see cref="Sequence"/> orders the turns of a conversation, ascending, with gaps allowed.</summary>
public sealed record TurnRecord
{
    public required long Sequence { get; init; }
    public required string TurnId { get; init; }
    public required string User { get; init; }
    public string Reply { get; init; } = "";
    public required TurnState State { get; init; }

    /// <summary>True when the turn ended without a reply anyone settled on (the process died, the caller left, it failed): the same id runs again.</summary>
    public bool Repeatable { get; init; }

    public RouteTarget? Route { get; init; }
    public string? RouteReason { get; init; }

    /// <summary>Name of the policy that decided the route.</summary>
    public string? RoutePolicy { get; init; }

    /// <summary>Probability, 0 to 1, that the turn needed the cloud.</summary>
    public double? RouteScore { get; init; }

    /// <summary>
    /// Neither these words nor their reply may ever be shown to the cloud, also not as the history of a later turn: the caller said so, or a spoken wish held.
    /// </summary>
    public bool Private { get; init; }

    /// <summary>
    /// The reply was made with private turns in view, and may quote them: it is never shown to the cloud, although what was said in this turn may be. Set only where
    /// <see cref="Private"/> is not.
    /// </summary>
    public bool PrivateReply { get; init; }

    /// <summary>Device or cloud endpoint that answered.</summary>
    public string? AnsweredBy { get; init; }
    public FinishReason? FinishReason { get; init; }
    public TokenUsage? Usage { get; init; }
    public TurnTimings? Timings { get; init; }
    public Problem? Problem { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

public enum TurnState
{
    Running,
    Completed,
    Interrupted,
    Failed,
}
