namespace HybridConversations;

/// <summary>One thing that a person says to a conversation, and how it should be answered.</summary>
public sealed record Turn
{
    /// <summary>Chosen by the client, unique in the conversation, 1 to 128 characters. The same id again returns the recorded reply.</summary>
    public required string TurnId { get; init; }

    /// <summary>What was said, at most <see cref="Limits.MaxTurnCharacters"/>; not empty, unless the turn brings <see cref="ToolResults"/>.</summary>
    public required string Text { get; init; }

    /// <summary>System prompt of the conversation; taken from its first turn only. Null: the model's default.</summary>
    public string? System { get; init; }

    /// <summary>Barge in: ends a running turn instead of being refused.</summary>
    public bool Interrupt { get; init; }

    /// <summary>
    /// The reply goes on for a while when its reader is lost (its connection, not its interest). Without it a caller that leaves frees the device at once. Either way
    /// the same turn id and text, sent while the turn runs, join it, at any server of the fleet.
    /// </summary>
    public bool Resumable { get; init; }

    /// <summary>
    /// Characters (Unicode code points) of the reply that the caller has had already, in a turn that is sent again: they are not told again, unless the turn is answered anew
    /// (<see cref="ReplyRouted.From"/>).
    /// </summary>
    public int Received { get; init; }

    /// <summary>The turn is never shown to the cloud, whatever fails, also not as the history of a later one. Any device of the fleet may answer it.</summary>
    public bool Private { get; init; }

    /// <summary>The one device that may answer, by its id; neither another nor the cloud does where it cannot. Null: any.</summary>
    public string? Device { get; init; }

    /// <summary>Where the caller wants it answered.</summary>
    public ThinkMode Think { get; init; }

    /// <summary>May a turn that was routed to the cloud be answered locally when the cloud fails?</summary>
    public bool AllowFallback { get; init; } = true;

    /// <summary>Who goes first where the device has more to do than it can at once.</summary>
    public TurnPriority Priority { get; init; } = TurnPriority.Interactive;

    /// <summary>Milliseconds from acceptance within which the reply should be whole; null for none.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>Who pays: budgets and the cost ledger are kept per tenant.</summary>
    public string Tenant { get; init; } = Tenants.Default;

    /// <summary>How the reply is sampled; the model's defaults where nothing is said.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>
    /// Functions that the model may ask its caller to run, from this turn on: they take the place of those that the conversation has, an empty list takes them away.
    /// Null: those that it has. At most <see cref="Limits.MaxTools"/> of <see cref="Limits.MaxToolsCharacters"/> characters together.
    /// </summary>
    public IReadOnlyList<ToolDefinition>? Tools { get; init; }

    /// <summary>Whether this turn is answered with a call. Null: the model decides.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>May the model ask for several calls at once?</summary>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>
    /// What calls of earlier turns brought, with or without something said. Each call is answered once. At most <see cref="Limits.MaxToolResults"/> of
    /// <see cref="Limits.MaxToolResultCharacters"/> characters together.
    /// </summary>
    public IReadOnlyList<ToolResult> ToolResults { get; init; } = [];

    /// <summary>How much the model thinks before it answers, and that the caller is told what (<see cref="ReplyReasoning"/>). Null: it does not think.</summary>
    public ReasoningOptions? Reasoning { get; init; }

    /// <summary>
    /// What was said before elsewhere and this conversation has not heard, oldest first: shown to models from now on, between <see cref="ToolResults"/> and
    /// <see cref="Text"/>. With it the text may be empty. At most <see cref="Limits.MaxEarlierMessages"/> of <see cref="Limits.MaxEarlierCharacters"/> characters together.
    /// </summary>
    public IReadOnlyList<ChatMessage> Earlier { get; init; } = [];

    /// <summary>System prompt of this turn alone, before the conversation's own. With it the text may be empty. Null: none.</summary>
    public string? Instructions { get; init; }

    /// <summary>The turn that must be the conversation's last: where another one has come since this one is refused (<c>turn-not-last</c>). Null: whatever was said last.</summary>
    public string? After { get; init; }

    /// <summary>What its caller wants to read back with the turn, at most <see cref="Limits.MaxNoteCharacters"/>; nothing here looks into it. Null: nothing.</summary>
    public string? Note { get; init; }

    /// <inheritdoc cref="DeviceRequest.TraceParent"/>
    public string? TraceParent { get; init; }
}

/// <summary>Order in which the engine serves turns that wait.</summary>
public enum TurnPriority
{
    /// <summary>Work that nobody waits for: fills what the others leave.</summary>
    Background,

    /// <summary>Somebody reads along.</summary>
    Interactive,

    /// <summary>Somebody listens: before all others.</summary>
    Voice,
}

/// <summary>The caller's wish about where to think.</summary>
public enum ThinkMode
{
    /// <summary>The router decides.</summary>
    Auto,

    /// <summary>A device, whatever the router would say.</summary>
    Local,

    /// <summary>The cloud, where the turn may leave the house.</summary>
    Cloud,
}
