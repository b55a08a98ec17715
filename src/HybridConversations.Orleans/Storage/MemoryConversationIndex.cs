using HybridConversations.Storage;

namespace HybridConversations.Orleans.Storage;

/// <summary>The list of a cluster without Redis: for tests and trials, shared by the silos of one process.</summary>
internal sealed class MemoryConversationIndex : IConversationIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ConversationSummary> _conversations = [];

    public Task Touch(ConversationSummary conversation)
    {
        lock (_lock)
        {
            _conversations[conversation.Id] = _conversations.TryGetValue(conversation.Id, out var before) ? IConversationIndex.Merge(before, conversation) : conversation;
        }

        return Task.CompletedTask;
    }

    public Task Remove(string conversationId)
    {
        lock (_lock)
        {
            _conversations.Remove(conversationId);
        }

        return Task.CompletedTask;
    }

    public Task<ConversationList> List(string? cursor, int limit)
    {
        PageLimit.Check(limit);
        var from = ListCursor.Parse(cursor);
        lock (_lock)
        {
            var page = _conversations.Values
                .OrderByDescending(c => c.UpdatedAt.ToUnixTimeMilliseconds()).ThenByDescending(c => c.Id, StringComparer.Ordinal)
                .Where(c => c.UpdatedAt.ToUnixTimeMilliseconds() < from.UpdatedAt
                    || (c.UpdatedAt.ToUnixTimeMilliseconds() == from.UpdatedAt && string.CompareOrdinal(c.Id, from.Id) < 0))
                .Take(limit + 1).ToList();
            var next = page.Count > limit ? ListCursor.After(page[limit - 1]).ToString() : null;
            return Task.FromResult(new ConversationList([.. page.Take(limit)], next));
        }
    }

    public Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. _conversations.Values.Where(c => c.UpdatedAt < before).OrderBy(c => c.UpdatedAt).Skip(skip).Take(limit).Select(c => c.Id)]);
        }
    }
}
