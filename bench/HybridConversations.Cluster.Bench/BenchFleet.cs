using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace HybridConversations.Cluster.Bench;

/// <summary>A Redis, one device silo and one client, connected over TCP, in this process.</summary>
internal sealed class BenchFleet : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(Ram, $"hc-bench-redis-{Environment.ProcessId}"));
    private readonly Process _redis;
    private readonly List<IHost> _hosts = [];

    private BenchFleet()
    {
        RedisPort = FreePort();
        _redis = Process.Start(new ProcessStartInfo(
            "redis-server", $"--port {RedisPort} --bind 127.0.0.1 --appendonly yes --appendfsync always --save \"\" --dir {_folder.FullName}")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }

    /// <summary>A folder in memory where the system has one.</summary>
    public static string Ram { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public int RedisPort { get; }
    public IServiceProvider Device => _hosts[0].Services;
    public IServiceProvider Client => _hosts[1].Services;

    public static async Task<BenchFleet> Start()
    {
        var fleet = new BenchFleet();
        await Task.Delay(500);
        await fleet.Add(builder => builder.UseOrleans(silo => Silo(silo, fleet.RedisPort)));
        await fleet.Add(builder => builder.UseOrleansClient(
            client => client.AddHybridConversations().UseHybridConversationsRedis(new RedisOptions { Endpoints = $"127.0.0.1:{fleet.RedisPort}" })));
        while (!fleet.Device.GetRequiredService<FleetDirectory>().Devices.Any())
        {
            await Task.Delay(50);
        }

        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        _redis.Kill();
        await _redis.WaitForExitAsync();
        _redis.Dispose();
        _folder.Delete(true);
    }

    private static void Silo(ISiloBuilder silo, int redis) => silo
        .Configure<SiloOptions>(options => options.SiloName = "bench")
        .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort(), listenOnAnyHostAddress: false)
        .AddHybridConversations(new SiloSettings
        {
            Fleet = new FleetOptions { IdleInMemory = TimeSpan.FromHours(6), DrainTimeout = TimeSpan.Zero },
            Device = _ => new InstantDevice("bench"),
        })
        .UseHybridConversationsRedis(new RedisOptions { Endpoints = $"127.0.0.1:{redis}" });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task Add(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        configure(builder);
        var host = builder.Build();
        await host.StartAsync();
        _hosts.Add(host);
    }
}
