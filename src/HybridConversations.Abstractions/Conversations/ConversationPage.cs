namespace HybridConversations;

/// <summary>A page of a conversation's history, oldest first.</summary>
/// <param name="Id">Conversation id.</param>
/// <param name="System">Its system prompt; null for the model's default.</param>
/// <param name="Turns">The page.</param>
/// <param name="Next">Value of <c>after</c> for the next page; null on the last.</param>
public sealed record ConversationPage(string Id, string? System, IReadOnlyList<TurnRecord> Turns, long? Next)
{
    /// <summary>Functions that its model may call; null for none.</summary>
    public IReadOnlyList<ToolDefinition>? Tools { get; init; }

    /// <summary>Calls that wait for their results, oldest first; null for none.</summary>
    public IReadOnlyList<OpenCall>? OpenCalls { get; init; }

    /// <summary>Turns on record, on all pages.</summary>
    public int TurnCount { get; init; }

    /// <summary>Sequence of the newest turn; 0 when none. A page that begins at this minus N ends with the newest.</summary>
    public long LastSequence { get; init; }

    /// <summary>Turns up to this sequence no longer fit the context window and are not shown to models.</summary>
    public long WindowAfter { get; init; }

    /// <summary>Where its KV state was last seen; null when nowhere.</summary>
    public KvPlace? Kv { get; init; }

    /// <summary>What is kept with the conversation (<see cref="ChangeNote"/>); null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>When it began; null where an earlier release began it.</summary>
    public DateTimeOffset? BegunAt { get; init; }
}

/// <summary>Where the KV state of a conversation is.</summary>
/// <param name="DeviceId">The device that holds it.</param>
/// <param name="Tokens">Tokens in it.</param>
public sealed record KvPlace(string DeviceId, int Tokens);
