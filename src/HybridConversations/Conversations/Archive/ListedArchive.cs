namespace HybridConversations.Conversations.Archive;

/// <summary>
/// An archive over a list of all conversations that cannot be searched itself: goes through it page by page and looks into histories for words. A request lists
/// <see cref="MaxListed"/> conversations and reads the histories of <see cref="MaxRead"/> at most; the rest is for the next page. Thread-safe.
/// </summary>
/// <param name="list">A page of all conversations, most recently used first.</param>
/// <param name="read">A page of a history, oldest first.</param>
public sealed class ListedArchive(
    Func<string?, int, CancellationToken, Task<ConversationList>> list, Func<string, long, int, CancellationToken, Task<ConversationPage?>> read) : IConversationArchive
{
    /// <summary>Conversations that one request lists.</summary>
    public const int MaxListed = 2000;

    /// <summary>Conversations whose histories one request reads.</summary>
    public const int MaxRead = 400;

    private const int ReadAtOnce = 16;

    /// <summary>The archive of conversations that can only be listed and read.</summary>
    public ListedArchive(IConversations conversations)
        : this(conversations.List, (id, after, limit, stop) => conversations.Get(id).Read(after, limit, stop))
    {
    }

    /// <inheritdoc/>
    public Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default) =>
        read(conversationId, after, limit, cancellationToken);

    /// <inheritdoc/>
    public async Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.IsEverything)
        {
            return await list(cursor, limit, cancellationToken);
        }

        var found = new List<ConversationSummary>();
        for (int listed = 0, looked = 0; ;)
        {
            var page = await list(cursor, limit - found.Count, cancellationToken);
            var candidates = page.Conversations.Where(query.Admits).ToList();
            var inside = query.Words is null ? [] : candidates.FindAll(line => !IsIn(query, line));
            var hits = await LookInto(query, inside, cancellationToken);
            found.AddRange(candidates.Where(line => !inside.Contains(line) || hits.Contains(line.Id)));
            cursor = page.Next;
            listed += page.Conversations.Count;
            looked += inside.Count;
            if (cursor is null || page.Conversations is [.., { } last] && last.UpdatedAt < query.Since)
            {
                return new ConversationList(found, null);
            }

            // Pages get smaller the more is found, so as never to find too much: what is half full is good enough.
            if (2 * found.Count >= limit || listed >= MaxListed || looked >= MaxRead)
            {
                return new ConversationList(found, cursor);
            }
        }
    }

    private static bool IsIn(ConversationQuery query, ConversationSummary line) => query.IsIn(line.Id) || query.IsIn(line.Title) || query.IsIn(line.Preview);

    private async Task<HashSet<string>> LookInto(ConversationQuery query, List<ConversationSummary> lines, CancellationToken cancellationToken)
    {
        var hits = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in lines.Chunk(ReadAtOnce))
        {
            var said = await Task.WhenAll(some.Select(line => Says(query, line.Id, cancellationToken)));
            hits.UnionWith(some.Where((_, i) => said[i]).Select(line => line.Id));
        }

        return hits;
    }

    private async Task<bool> Says(ConversationQuery query, string id, CancellationToken cancellationToken)
    {
        for (long? after = 0; after is { } from;)
        {
            var page = await read(id, from, Limits.MaxPage, cancellationToken);
            if (page is null || page.Turns.Any(turn => query.IsIn(turn.User) || query.IsIn(turn.Reply)))
            {
                return page is not null;
            }

            after = page.Next;
        }

        return false;
    }
}
