using System.Text.Json.Serialization;

namespace HybridConversations;

/// <summary>One turn as stored. <see cref="Sequence"/> orders the turns of a conversation, ascending, with gaps allowed.</summary>
public sealed record TurnRecord
{
    /// <summary>Counts the turns of the conversation from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>As the client chose it, or as it was given.</summary>
    public required string TurnId { get; init; }

    /// <summary>What the person said.</summary>
    public required string User { get; init; }

    /// <summary>What was delivered of the reply, or heard of it where an interrupt said so.</summary>
    public string Reply { get; init; } = "";

    /// <summary>How far the turn has come.</summary>
    public required TurnState State { get; init; }

    /// <summary>True when the turn ended without a reply anyone settled on (the process died, the caller left, it failed): the same id runs again.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Who answered; null before that was decided.</summary>
    public RouteTarget? Route { get; init; }

    /// <summary>Why, in words for people.</summary>
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

    /// <summary>Why the reply ended; null while it runs and where it failed.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>Tokens that were read and written; null while it runs.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>How long it took; null while it runs.</summary>
    public TurnTimings? Timings { get; init; }

    /// <summary>What went wrong, where it failed.</summary>
    public Problem? Problem { get; init; }

    /// <summary>When the turn was taken.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Calls that the model asked for in this turn, in order; null for none. A turn with calls never runs again, however it ended.</summary>
    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }

    /// <summary>Results of earlier calls that this turn brought; null for none. They count whatever became of the turn's own reply.</summary>
    public IReadOnlyList<ToolResult>? ToolResults { get; init; }

    /// <summary>
    /// What the model thought, where the turn asked to be told (<see cref="Turn.Reasoning"/>) or where it asked for <see cref="ToolCalls"/>; else null. Only thoughts before calls are
    /// ever shown to a model again, by templates that do so until the results are answered.
    /// </summary>
    public string? Reasoning { get; init; }

    /// <summary>What was said before elsewhere (<see cref="Turn.Earlier"/>); null for none. A turn that holds nothing else only adds it, and was never answered.</summary>
    public IReadOnlyList<ChatMessage>? Earlier { get; init; }

    /// <summary>What its caller kept with it (<see cref="Turn.Note"/>); null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>What a person thought of it (<see cref="JudgeTurn"/>); null for nothing said.</summary>
    public TurnFeedback? Feedback { get; init; }

    /// <summary>All of it was erased (<see cref="EraseTurn"/>); the place that it had is left.</summary>
    [JsonIgnore]
    public bool IsErased => this is { User: "", Reply: "", Earlier: null, ToolCalls: null, ToolResults: null, Reasoning: null, Note: null, State: not TurnState.Running };
}

/// <summary>How far a turn has come.</summary>
public enum TurnState
{
    /// <summary>The reply is being made.</summary>
    Running,

    /// <summary>The reply is whole.</summary>
    Completed,

    /// <summary>Somebody spoke, or the reply was cut: what was delivered stays.</summary>
    Interrupted,

    /// <summary>There is a problem instead of an end.</summary>
    Failed,
}
