using System.Collections.Concurrent;
using System.Net;
using HybridConversations.Cluster.Tests.InProcess;
using HybridConversations.Cluster.Tests.Processes;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace HybridConversations.Cluster.Tests.Network;

/// <summary>Silos in this process that talk over real sockets, with their state in a real Redis; each has a <see cref="TestDevice"/> of its name.</summary>
internal sealed class TcpFleet(string redis) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IHost> _silos = new();

    public Cables Cables { get; } = new();

    public FleetOptions Options { get; init; } = new()
    {
        ReportPeriod = TimeSpan.FromMilliseconds(200),
        LostAfter = TimeSpan.FromSeconds(4),
        ProbeTimeout = TimeSpan.FromMilliseconds(500),
        ResponseTimeout = TimeSpan.FromSeconds(3),
        DrainTimeout = TimeSpan.FromSeconds(2),
    };

    public TimeSpan RedisTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public ConcurrentDictionary<string, TestDevice> Devices { get; } = new();

    public IConversations At(string silo) => Services(silo).GetRequiredService<IConversations>();

    public IServiceProvider Services(string silo) => _silos[silo].Services;

    public async Task Add(string name, Action<ISiloBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IFatalErrorHandler, Survivor>();
        builder.UseOrleans(silo =>
        {
            var port = RedisServer.FreePort();
            Cables.Name(port, name);
            silo.Configure<SiloOptions>(options => options.SiloName = name)
                .ConfigureEndpoints(IPAddress.Loopback, port, RedisServer.FreePort())
                .AddHybridConversations(new SiloSettings { Fleet = Options, Device = _ => Devices.GetOrAdd(name, id => new TestDevice(id)) })
                .UseHybridConversationsRedis(new RedisOptions { Endpoints = redis, Timeout = RedisTimeout })
                .Configure<SiloConnectionOptions>(options => options.ConfigureSiloOutboundConnection(connection => connection.Use(next => Cables.Outbound(name, next))));
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        _silos[name] = host;
    }

    /// <summary>Every silo knows of so many devices that take turns.</summary>
    public Task HasDevices(int count) => Eventually.Holds(
        () => _silos.Values.All(silo => silo.Services.GetRequiredService<FleetDirectory>().Devices.Count() == count), () => $"{count} devices everywhere");

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
        {
            await silo.StopAsync();
            silo.Dispose();
        }
    }

    /// <summary>A silo that must end does not take the test's process with it.</summary>
    private sealed class Survivor : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
        {
        }
    }
}
