namespace HybridConversations.Storage;

/// <summary>
/// The durable record of one conversation. Every write is durable when its task completes. Called by one <c>Conversation</c>;
/// reads may come at any time. Implemented by SQLite on one machine and by grain state in a fleet.
/// </summary>
public interface IConversationLog
{
    /// <summary>The head; null when the conversation does not exist.</summary>
    Task<ConversationHead?> ReadHead(CancellationToken cancellationToken = default);

    /// <summary>Turns with a sequence above <paramref name="after"/>, oldest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<TurnRecord>> ReadTurns(long after, int limit, CancellationToken cancellationToken = default);

    /// <summary>The turn of this id, however old; null when there is none.</summary>
    Task<TurnRecord?> FindTurn(string turnId, CancellationToken cancellationToken = default);

    /// <summary>Adds a turn at the end, first removing an earlier (repeatable) one of the same id, and writes the head: all or nothing.</summary>
    Task Append(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default);

    /// <summary>Writes a turn that is there already (same sequence) and the head: all or nothing.</summary>
    Task Update(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default);

    /// <summary>Like <see cref="Update"/> for any turn, however old, of which words were erased: they are found in no file afterwards.</summary>
    Task Erase(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default);

    /// <summary>Writes the head alone, also of a conversation that has no turn yet.</summary>
    Task WriteHead(ConversationHead head, CancellationToken cancellationToken = default);

    /// <summary>Begins a conversation with turns that have ended: all or nothing. Only where there is none.</summary>
    Task Begin(IReadOnlyList<TurnRecord> turns, ConversationHead head, CancellationToken cancellationToken = default);

    /// <summary>Forgets everything. False when there was nothing.</summary>
    Task<bool> Delete(CancellationToken cancellationToken = default);
}

/// <summary>What a conversation must know without reading its turns.</summary>
public sealed record ConversationHead
{
    /// <summary>Of the conversation.</summary>
    public required string Id { get; init; }

    /// <summary>System prompt; null for the model's default.</summary>
    public string? System { get; init; }

    /// <summary>Turns on record.</summary>
    public int Turns { get; init; }

    /// <summary>Sequence of the newest turn; 0 when none.</summary>
    public long LastSequence { get; init; }

    /// <summary>Turns up to this sequence no longer fit the context window and are not shown to models.</summary>
    public long WindowAfter { get; init; }

    /// <summary>The spoken wish that keeps what is said private until it is lifted, as reasons quote it; null when none holds.</summary>
    public string? PrivacyWish { get; init; }

    /// <summary>Where its KV state was last seen; null when nowhere.</summary>
    public KvReference? Kv { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When its first turn began, which is the date in its prompts; null for one that an earlier release began.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Functions that its model may call; null for none.</summary>
    public IReadOnlyList<ToolDefinition>? Tools { get; init; }

    /// <summary>Calls that wait for their results, oldest first; null for none.</summary>
    public IReadOnlyList<OpenCall>? OpenCalls { get; init; }

    /// <summary>What callers keep with it; null for nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>Where a conversation's KV state is. The bytes never travel.</summary>
public sealed record KvReference(string DeviceId, string ModelHash, int Tokens);
