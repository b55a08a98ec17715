using StackExchange.Redis;

namespace HybridConversations.Orleans.Storage;

/// <summary>
/// The record in Redis: one hash with the devices of each conversation (ids, one a line), and for each device the set of conversations that it owes to forget.
/// </summary>
internal sealed class RedisHolders(Func<Task<IConnectionMultiplexer>> connect, string serviceId) : IHolders
{
    private const char Separator = '\n';

    private const string AddScript =
        """
        local there = redis.call('HGET', KEYS[1], ARGV[1])
        if not there then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
        elseif not string.find('\n' .. there .. '\n', '\n' .. ARGV[2] .. '\n', 1, true) then redis.call('HSET', KEYS[1], ARGV[1], there .. '\n' .. ARGV[2]) end
        """;

    private readonly RedisKey _holders = $"{serviceId}/kv/holders";

    public async Task Add(string conversationId, string deviceId) =>
        await (await Database()).ScriptEvaluateAsync(AddScript, [_holders], [conversationId, deviceId]);

    public async Task<IReadOnlyList<string>> Of(string conversationId) =>
        ((string?)await (await Database()).HashGetAsync(_holders, conversationId))?.Split(Separator) ?? [];

    public async Task Owe(string conversationId, IReadOnlyList<string> devices)
    {
        var redis = await Database();
        await Task.WhenAll(devices.Select(device => redis.SetAddAsync(Owed(device), conversationId)));
    }

    public async Task Remove(string conversationId) => await (await Database()).HashDeleteAsync(_holders, conversationId);

    public async Task<IReadOnlyList<string>> OwedBy(string deviceId, int limit) =>
        [.. (await (await Database()).SetRandomMembersAsync(Owed(deviceId), limit)).Select(id => id.ToString())];

    public async Task Settle(string conversationId, string deviceId) => await (await Database()).SetRemoveAsync(Owed(deviceId), conversationId);

    private RedisKey Owed(string deviceId) => $"{serviceId}/kv/owed/{deviceId}";

    private async Task<IDatabase> Database() => (await connect()).GetDatabase();
}
