using System.Text.Json.Serialization;
using HybridConversations.Orleans.Storage.Serialization;
using HybridConversations.Storage;

namespace HybridConversations.Orleans.Storage;

/// <summary>
/// A conversation as stored under its grain, in the state named <c>head</c>: what it must know, and its newest turns. Written whole with every turn, which makes
/// a turn and the head all or nothing; turns leave it for a <see cref="TurnPage"/> when there are too many, so that it never grows with the history.
/// </summary>
internal sealed record ConversationRecord : StoredRecord
{
    public int Schema { get; init; } = RecordSchema.Current;
    public ConversationHead? Head { get; init; }

    /// <summary>The newest turns, oldest first.</summary>
    public IReadOnlyList<TurnRecord> Tail { get; init; } = [];

    /// <summary>Pages that are sealed: 0 to this − 1.</summary>
    public int Pages { get; init; }

    /// <summary>Turns in pages that were sent again and have another place now.</summary>
    public IReadOnlyList<long> Removed { get; init; } = [];

    /// <summary>Being deleted: whoever reads it finishes that.</summary>
    public bool Deleted { get; init; }

    /// <summary>True when there is a conversation.</summary>
    [JsonIgnore]
    public bool Exists => Head is not null && !Deleted;
}

/// <summary>Turns that are no longer the newest: the state named <c>page-0</c> and so on. Never changes but for a turn that was sent again.</summary>
internal sealed record TurnPage : StoredRecord
{
    public int Schema { get; init; } = RecordSchema.Current;
    public IReadOnlyList<TurnRecord> Turns { get; init; } = [];
}

/// <summary>What is in up to <see cref="PagesEach"/> pages, so that a turn is found by its id or place without reading them: <c>contents-0</c> and so on.</summary>
internal sealed record ContentsRecord : StoredRecord
{
    public const int PagesEach = 64;
    public int Schema { get; init; } = RecordSchema.Current;
    public IReadOnlyList<PageContents> Pages { get; init; } = [];
}

/// <param name="First">Sequence of the first turn.</param>
/// <param name="Last">Sequence of the last turn.</param>
/// <param name="Ids">8 bytes of SHA-256 for each turn id.</param>
internal sealed record PageContents(long First, long Last, byte[] Ids);
