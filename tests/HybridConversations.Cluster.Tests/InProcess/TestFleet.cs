using System.Collections.Concurrent;
using HybridConversations.Orleans.Clients;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Hosting;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>A fleet of silos in this process, each with a <see cref="TestDevice"/> of its silo's name; state in memory that outlives silos is in Redis's place.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    private readonly SurvivingStorage _storage = new();
    private string? _returning;
    private readonly MemoryConversationIndex _index = new();
    private readonly ConcurrentDictionary<string, TestDevice> _devices = new();

    private TestFleet(int silos, Func<SiloSettings, SiloSettings>? change, Action<string, ISiloBuilder>? configure, Func<string, SiloSettings, SiloSettings>? each)
    {
        var fleet = new FleetOptions
        {
            ReportPeriod = TimeSpan.FromMilliseconds(200),
            LostAfter = TimeSpan.FromSeconds(3),
            ProbeTimeout = TimeSpan.FromMilliseconds(500),
            MissedProbes = 2,
            ResponseTimeout = TimeSpan.FromSeconds(10),
            DrainTimeout = TimeSpan.FromSeconds(5),
        };
        var settings = new SiloSettings { Fleet = fleet };
        settings = change?.Invoke(settings) ?? settings;
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.AssumeHomogenousSilosForTesting = false;
        fleet = settings.Fleet with { ClusterId = builder.Options.ClusterId, ServiceId = builder.Options.ServiceId };
        settings = settings with { Fleet = fleet };
        builder.ConfigureSilo((options, silo) =>
        {
            // A device that comes back has the name that it had.
            if (_returning is { } returning)
            {
                options.SiloName = returning;
                silo.Configure<SiloOptions>(o => o.SiloName = returning);
            }

            var name = options.SiloName;
            var own = settings with { Device = _ => Device(name) };
            silo.AddHybridConversations(each?.Invoke(name, own) ?? own);
            silo.Services.AddSingleton<IConversationIndex>(_index);
            silo.Services.AddSingleton<IHolders>(Holders);
            silo.Services.AddKeyedSingleton<global::Orleans.Storage.IGrainStorage>(FleetOptions.StorageName, _storage);
            silo.UseInMemoryReminderService();
            configure?.Invoke(name, silo);
        });
        builder.ConfigureClient(client => client.AddHybridConversations(fleet));
        Cluster = builder.Build();
    }

    public InProcessTestCluster Cluster { get; }
    public MemoryHolders Holders { get; } = new();
    public MemoryConversationIndex Index => _index;
    public SurvivingStorage Storage => _storage;
    public OrleansConversations Conversations => new(Cluster.Client);
    public OrleansFleet Fleet => new(Cluster.Client);

    public static async Task<TestFleet> Start(
        int silos, Func<SiloSettings, SiloSettings>? change = null, Action<string, ISiloBuilder>? configure = null, Func<string, SiloSettings, SiloSettings>? each = null)
    {
        var fleet = new TestFleet(silos, change, configure, each);
        await fleet.Cluster.DeployAsync();
        await fleet.HasDevices(silos);
        return fleet;
    }

    /// <summary>A conversation as it would be on record, and in nobody's memory.</summary>
    public async Task Store(string id, DateTimeOffset used)
    {
        var time = used.ToString("O");
        _storage.Put(SurvivingStorage.Key("head", GrainId.Create("conversation", id)),
            $$$"""{"schema":1,"head":{"id":"{{{id}}}","turns":1,"lastSequence":1,"windowAfter":0,"updatedAt":"{{{time}}}"},"tail":[{"sequence":1,"turnId":"t","user":"u","reply":"r","state":"Completed","startedAt":"{{{time}}}"}],"pages":0}""");
        await _index.Touch(new ConversationSummary(id, 1, used));
    }

    /// <summary>A silo of this name is started again.</summary>
    public async Task ComesBack(string name)
    {
        _returning = name;
        await Cluster.StartAdditionalSiloAsync();
        _returning = null;
    }

    public TestDevice Device(string name) => _devices.GetOrAdd(name, id => new TestDevice(id));

    public InProcessSiloHandle Silo(string name) => Cluster.Silos.Single(silo => silo.Name == name);

    public T Service<T>(string silo)
        where T : notnull => Silo(silo).ServiceProvider.GetRequiredService<T>();

    /// <summary>The silo that hosts a conversation now; null when none does.</summary>
    public string? HostOf(string conversation)
    {
        var grain = Cluster.Client.GetGrain<IConversationGrain>(conversation).GetGrainId();
        return Cluster.TryGetGrainContext(grain, out var context)
            ? Cluster.Silos.SingleOrDefault(silo => silo.SiloAddress.Equals(context.Address.SiloAddress))?.Name
            : null;
    }

    /// <summary>Every silo knows of so many devices that take turns.</summary>
    public Task HasDevices(int count) => Eventually.Holds(
        () => Cluster.Silos.Where(silo => silo.IsActive).All(silo => silo.ServiceProvider.GetRequiredService<FleetDirectory>().Devices.Count() == count),
        () => $"{count} devices everywhere, but: " + string.Join("; ", Cluster.Silos.Select(silo =>
            $"{silo.Name} knows {string.Join(",", silo.ServiceProvider.GetRequiredService<FleetDirectory>().Devices.Select(d => d.Id))}")));

    /// <summary>Every silo has heard how many requests wait at a device.</summary>
    public Task Knows(string device, int waiting) => Eventually.Holds(
        () => Cluster.Silos.All(silo => Service<FleetDirectory>(silo.Name).Find(device)?.Status.Load.Waiting == waiting), () => $"everyone knows that {waiting} wait at {device}");

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}
