using HybridConversations.Storage;
using StackExchange.Redis;

namespace HybridConversations.Orleans.Storage;

/// <summary>
/// The list in Redis: a sorted set of ids by the time of their last use (milliseconds), and hashes of their numbers of turns, their titles and what their newest turn
/// says. What a turn costs here does not depend on how many conversations there are.
/// </summary>
internal sealed class RedisConversationIndex(Func<Task<IConnectionMultiplexer>> connect, string serviceId) : IConversationIndex
{
    // Members of the same score are ordered by their bytes; pages are cut between them.
    private const int Slack = 64;
    private readonly RedisKey _times = $"{serviceId}/conversations/times";
    private readonly RedisKey _turns = $"{serviceId}/conversations/turns";
    private readonly RedisKey _titles = $"{serviceId}/conversations/titles";
    private readonly RedisKey _newest = $"{serviceId}/conversations/newest";

    public async Task Touch(ConversationSummary conversation)
    {
        var redis = (await connect()).GetDatabase();
        await Task.WhenAll(
            redis.SortedSetAddAsync(_times, conversation.Id, conversation.UpdatedAt.ToUnixTimeMilliseconds()),
            redis.HashSetAsync(_turns, conversation.Id, conversation.Turns),
            conversation.Title is { } title ? redis.HashSetAsync(_titles, conversation.Id, title) : Task.CompletedTask,
            conversation.State is null ? Task.CompletedTask : redis.HashSetAsync(_newest, conversation.Id, IndexedLine.Of(conversation)));
    }

    public async Task Remove(string conversationId)
    {
        var redis = (await connect()).GetDatabase();
        await Task.WhenAll(
            redis.SortedSetRemoveAsync(_times, conversationId), redis.HashDeleteAsync(_turns, conversationId), redis.HashDeleteAsync(_titles, conversationId),
            redis.HashDeleteAsync(_newest, conversationId));
    }

    public async Task<ConversationList> List(string? cursor, int limit)
    {
        PageLimit.Check(limit);
        var from = ListCursor.Parse(cursor);
        var redis = (await connect()).GetDatabase();
        var entries = new List<SortedSetEntry>();
        for (var skip = 0L; entries.Count <= limit;)
        {
            var page = await redis.SortedSetRangeByScoreWithScoresAsync(
                _times, double.NegativeInfinity, from.UpdatedAt, Exclude.None, Order.Descending, skip, limit + Slack);
            entries.AddRange(page.Where(entry => entry.Score < from.UpdatedAt || string.CompareOrdinal(entry.Element, from.Id) < 0));
            skip += page.Length;
            if (page.Length < limit + Slack)
            {
                break;
            }
        }

        var shown = entries.Take(limit).ToList();
        RedisValue[] ids = [.. shown.Select(entry => entry.Element)];
        var columns = ids.Length == 0 ? [] : await Task.WhenAll(redis.HashGetAsync(_turns, ids), redis.HashGetAsync(_titles, ids), redis.HashGetAsync(_newest, ids));
        var summaries = shown.Select((entry, i) => IndexedLine.Read(
            columns[2][i],
            new ConversationSummary(entry.Element!, columns[0][i].TryParse(out int count) ? count : 0, DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Score)) { Title = columns[1][i] }));
        var next = entries.Count > limit ? new ListCursor((long)shown[^1].Score, shown[^1].Element!).ToString() : null;
        return new ConversationList([.. summaries], next);
    }

    public async Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit)
    {
        var redis = (await connect()).GetDatabase();
        var ids = await redis.SortedSetRangeByScoreAsync(
            _times, double.NegativeInfinity, before.ToUnixTimeMilliseconds(), Exclude.Stop, Order.Ascending, skip, limit);
        return [.. ids.Select(id => id.ToString())];
    }
}
