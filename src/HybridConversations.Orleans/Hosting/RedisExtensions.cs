using HybridConversations.Escalations.Ledger;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Placement;
using HybridConversations.Orleans.Storage;
using HybridConversations.Orleans.Storage.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.Runtime.Hosting;
using StackExchange.Redis;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Membership, state, reminders, the grain directory and the cost ledger of a fleet in Redis, over one connection for each process.</summary>
public static class RedisExtensions
{
    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static ISiloBuilder UseHybridConversationsRedis(this ISiloBuilder silo, RedisOptions redis)
    {
        redis.Validate();
        var (configuration, connect) = Connection(redis);
        silo.Services.AddSingleton<IConversationIndex>(provider =>
            new RedisConversationIndex(connect, provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId));
        silo.Services.AddSingleton<ICostLedger>(provider => new RedisCostLedger(
            connect, provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisCostLedger>>()));
        silo.Services.AddSingleton<IHolders>(provider => new RedisHolders(connect, provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId));
        silo.Services.AddGrainDirectory(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY, (provider, _) =>
            new RedisGrainDirectory(connect, provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId));
        return silo
            .UseRedisClustering(options =>
            {
                options.ConfigurationOptions = configuration;
                options.CreateMultiplexer = async _ => (await connect(), true);
            })
            .AddRedisGrainStorage(FleetOptions.StorageName, options =>
            {
                options.ConfigurationOptions = configuration;
                options.CreateMultiplexer = async _ => (await connect(), true);
                options.GrainStorageSerializer = new RecordSerializer();
                options.DeleteStateOnClear = true;
            })
            .UseRedisReminderService(options =>
            {
                options.ConfigurationOptions = configuration;
                options.CreateMultiplexer = async _ => (await connect(), true);
            });
    }

    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static IClientBuilder UseHybridConversationsRedis(this IClientBuilder client, RedisOptions redis)
    {
        redis.Validate();
        var (configuration, connect) = Connection(redis);
        return client.UseRedisClustering(options =>
        {
            options.ConfigurationOptions = configuration;
            options.CreateMultiplexer = async _ => (await connect(), true);
        });
    }

    private static (ConfigurationOptions Configuration, Func<Task<IConnectionMultiplexer>> Connect) Connection(RedisOptions redis)
    {
        var configuration = redis.ToConfiguration();
        var shared = new Lazy<Task<IConnectionMultiplexer>>(async () => await ConnectionMultiplexer.ConnectAsync(configuration));
        return (configuration, () => shared.Value);
    }
}
