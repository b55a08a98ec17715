namespace HybridConversations.Orleans.Storage;

/// <summary>The record of a cluster without Redis: for tests and trials, shared by the silos of one process.</summary>
internal sealed class MemoryHolders : IHolders
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _holders = [];
    private readonly Dictionary<string, HashSet<string>> _owed = [];

    public Task Add(string conversationId, string deviceId)
    {
        lock (_lock)
        {
            Set(_holders, conversationId).Add(deviceId);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> Of(string conversationId)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. Set(_holders, conversationId)]);
        }
    }

    public Task Owe(string conversationId, IReadOnlyList<string> devices)
    {
        lock (_lock)
        {
            foreach (var device in devices)
            {
                Set(_owed, device).Add(conversationId);
            }
        }

        return Task.CompletedTask;
    }

    public Task Remove(string conversationId)
    {
        lock (_lock)
        {
            _holders.Remove(conversationId);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> OwedBy(string deviceId, int limit)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. Set(_owed, deviceId).Take(limit)]);
        }
    }

    public Task Settle(string conversationId, string deviceId)
    {
        lock (_lock)
        {
            Set(_owed, deviceId).Remove(conversationId);
        }

        return Task.CompletedTask;
    }

    private static HashSet<string> Set(Dictionary<string, HashSet<string>> sets, string key) =>
        sets.TryGetValue(key, out var set) ? set : sets[key] = new HashSet<string>(StringComparer.Ordinal);
}
