using HybridConversations.Conversations;
using HybridConversations.Conversations.Forgetting;
using HybridConversations.Storage;

namespace HybridConversations.InProcess;

/// <summary>All conversations of one machine, hosted in this process over a store that others own. Thread-safe.</summary>
public sealed class InProcessConversations : IConversations, IConversationArchive, IUnusedConversations, IAsyncDisposable
{
    /// <summary>Idle conversations kept in memory, unless told otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly IConversationStore _store;
    private readonly ConversationTable _table;

    /// <param name="store">Where they are stored; outlives this object.</param>
    /// <param name="services">What they share.</param>
    /// <param name="capacity">Idle conversations kept in memory, from 1. A conversation that was dropped is read from the store at its next turn.</param>
    /// <exception cref="ProblemException"><c>invalid-request</c>: an option is wrong.</exception>
    public InProcessConversations(IConversationStore store, ConversationServices services, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        services.Options.Validate();
        _store = store;
        _table = new ConversationTable(capacity, id => new Conversation(id, store.Open(id), services));
    }

    /// <summary>Conversations in memory.</summary>
    public int InMemory => _table.Count;

    /// <exception cref="ProblemException"><c>invalid-request</c>: not an id.</exception>
    public IConversation Get(string conversationId) =>
        Conversation.CheckId(conversationId) is { } problem ? throw new ProblemException(problem) : new LeasedConversation(conversationId, _table);

    /// <inheritdoc/>
    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) => _store.List(cursor, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default) =>
        _store.Find(query, cursor, limit, cancellationToken);

    /// <summary>Reading touches neither device nor turn gate.</summary>
    public Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default) =>
        Get(conversationId).Read(after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit) => _store.UnusedSince(before, skip, limit);

    /// <inheritdoc/>
    public async Task<bool> ForgetUnused(string conversationId, DateTimeOffset before)
    {
        using var lease = _table.Rent(conversationId, fleeting: true);
        return await lease.Conversation.ForgetUnused(before) is not null;
    }

    /// <summary>Refuses new requests with <c>stopping</c>, ends running turns so that they can be sent again, and returns when that is stored.</summary>
    public async Task Stop(CancellationToken cancellationToken = default) =>
        await Task.WhenAll(_table.Close().Select(conversation => conversation.Stop(cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Stop();
}
