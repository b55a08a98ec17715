using System.Net;
using System.Text.Json;
using HybridConversations.Cluster.Tests.Processes;
using HybridConversations.Orleans.Placement;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace HybridConversations.Cluster.Tests.Placement;

/// <summary>Our directory beside Orleans' own, over one Redis, as in a fleet of which half is upgraded to a release that uses that one.</summary>
public sealed class RedisGrainDirectoryTests
{
    private static readonly GrainId Grain = GrainId.Create("conversation", "c");

    [SkippableFact]
    public async Task The_first_to_register_counts_until_it_is_replaced_or_gone()
    {
        await using var two = await Two.Start();
        var (first, second) = (Address(1), Address(2));
        Assert.Null(await two.Ours.Lookup(Grain));
        Assert.Equal(first, await two.Ours.Register(first));
        Assert.Equal(first, await two.Ours.Register(second));
        Assert.Equal(first, await two.Ours.Lookup(Grain));

        await two.Ours.Unregister(second);
        Assert.Equal(first, await two.Ours.Lookup(Grain));
        Assert.Equal(second, await two.Ours.Register(second, first));
        await two.Ours.Unregister(second);
        Assert.Null(await two.Ours.Lookup(Grain));
    }

    [SkippableFact]
    public async Task Entries_of_Orleans_own_directory_count_as_well()
    {
        await using var two = await Two.Start();
        var (first, second) = (Address(1), Address(2));
        Assert.Equal(first, await two.Orleans.Register(first, null));

        Assert.Equal(first, await two.Ours.Lookup(Grain));
        Assert.Equal(first, await two.Ours.Register(second));
        await two.Ours.Unregister(second);
        Assert.Equal(first, await two.Ours.Lookup(Grain));
        await two.Ours.Unregister(first);
        Assert.Null(await two.Orleans.Lookup(Grain));

        await two.Orleans.Register(first, null);
        Assert.Equal(second, await two.Ours.Register(second, first));
        Assert.Equal(second, await two.Ours.Lookup(Grain));
    }

    /// <summary>Why ours is still there: a silo with Orleans' own could call no conversation of a silo with ours, while a fleet is upgraded device by device.</summary>
    [SkippableFact]
    public async Task Orleans_own_directory_finds_nothing_of_what_ours_has_registered()
    {
        await using var two = await Two.Start();
        await two.Ours.Register(Address(1));

        await Assert.ThrowsAsync<JsonException>(() => two.Orleans.Lookup(Grain));
        await Assert.ThrowsAnyAsync<Exception>(() => two.Orleans.Register(Address(2), null));
        await Assert.ThrowsAnyAsync<Exception>(() => two.Orleans.Unregister(Address(1)));
    }

    private static GrainAddress Address(int number) => new()
    {
        GrainId = Grain,
        ActivationId = ActivationId.NewId(),
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111 + number), number),
        MembershipVersion = new MembershipVersion(number),
    };

    private sealed class Two : IAsyncDisposable
    {
        private readonly RedisServer _redis;
        private readonly IConnectionMultiplexer _connection;

        private Two(RedisServer redis, IConnectionMultiplexer connection)
        {
            (_redis, _connection) = (redis, connection);
            Ours = new RedisGrainDirectory(() => Task.FromResult(connection), "cluster");
            Orleans = new global::Orleans.GrainDirectory.Redis.RedisGrainDirectory(
                new RedisGrainDirectoryOptions { ConfigurationOptions = new ConfigurationOptions(), CreateMultiplexer = _ => Task.FromResult((connection, true)) },
                Options.Create(new ClusterOptions { ClusterId = "cluster", ServiceId = "cluster" }), NullLogger<global::Orleans.GrainDirectory.Redis.RedisGrainDirectory>.Instance);
        }

        public RedisGrainDirectory Ours { get; }
        public global::Orleans.GrainDirectory.Redis.RedisGrainDirectory Orleans { get; }

        public static async Task<Two> Start()
        {
            var redis = await RedisServer.Start();
            var two = new Two(redis, await ConnectionMultiplexer.ConnectAsync(redis.Endpoint));
            await two.Orleans.Initialize();
            return two;
        }

        public async ValueTask DisposeAsync()
        {
            await _connection.DisposeAsync();
            _redis.Dispose();
        }
    }
}
