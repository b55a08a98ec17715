using StackExchange.Redis;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Whether Redis keeps what it is given, as far as it tells (INFO, which needs no right to its configuration).</summary>
public static class RedisDurability
{
    /// <summary>What would lose conversations: one sentence each; empty when nothing is known that would.</summary>
    /// <exception cref="RedisException">It cannot be reached, or does not let this process in.</exception>
    public static async Task<IReadOnlyList<string>> Check(RedisOptions redis)
    {
        var configuration = redis.ToConfiguration();
        configuration.AllowAdmin = true; // the client's own guard around INFO; Redis asks for no such right
        await using var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        var concerns = new List<string>();
        var asked = false;
        foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            asked = true;
            ILookup<string, string> info;
            try
            {
                info = (await server.InfoAsync()).SelectMany(section => section).ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
            }
            catch (RedisServerException error)
            {
                concerns.Add($"Redis at {server.EndPoint} does not tell whether it keeps what it is given ({error.Message}); let its user ask: ACL SETUSER NAME +info.");
                continue;
            }

            if (info["maxmemory_policy"].FirstOrDefault() is { } policy && policy != "noeviction")
            {
                concerns.Add($"Redis at {server.EndPoint} may drop conversations when its memory is full: its maxmemory-policy is '{policy}'; set it to noeviction.");
            }

            if (info["aof_enabled"].FirstOrDefault() == "0")
            {
                concerns.Add($"Redis at {server.EndPoint} loses what was written since its last snapshot when it ends: its append-only file is off; set appendonly to yes and appendfsync to always.");
            }
        }

        if (!asked)
        {
            concerns.Add("Redis could not be asked whether it keeps what it is given: none of its primaries answered.");
        }

        return concerns;
    }
}
