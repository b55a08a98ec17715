using HybridConversations.Conversations;
using HybridConversations.Conversations.Forgetting;
using HybridConversations.Orleans.Clients;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Forgetting;
using HybridConversations.Orleans.Grains;
using HybridConversations.Orleans.NetworkCuts;
using HybridConversations.Orleans.Placement;
using HybridConversations.Orleans.Storage;
using HybridConversations.Orleans.Storage.Serialization;
using HybridConversations.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Versions.Compatibility;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Makes an Orleans silo a silo of the fleet.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>
    /// Adds the grains, their placement and their messages. Clustering, grain storage and reminders come from <c>UseHybridConversationsRedis</c> or
    /// <c>UseHybridConversationsInMemory</c>; <c>SiloOptions.SiloName</c> must be the device's id.
    /// </summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static ISiloBuilder AddHybridConversations(this ISiloBuilder silo, SiloSettings settings)
    {
        settings.Fleet.Validate();
        settings.Conversations.Validate();
        var fleet = settings.Fleet;
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(fleet);
        services.AddHybridConversationsSerializer();
        services.AddPlacementFilter<OwnSiloFilter, OwnSiloDirector>(ServiceLifetime.Transient);
        services.AddPlacementFilter<EndpointSilosFilter, EndpointSilosDirector>(ServiceLifetime.Transient);
        services.AddPlacementDirector<BesideKvPlacement, BesideKvDirector>();

        silo.AddIncomingGrainCallFilter<GrainFaults>();
        services.AddSingleton<SiloPresence>();
        services.AddSingleton<FleetEndpoints>();
        services.AddSingleton<FleetDirectory>();
        services.AddSingleton<FleetPlacement>();
        services.AddSingleton<RunningTurns>();
        services.AddSingleton<SiloDrain>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DeviceNameClaim>();
        services.AddSingleton<SuspectProbe>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SuspectProbe>());
        services.AddSingleton<FleetReporter>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<FleetReporter>());
        services.AddSingleton(provider => new CloudEndpoints(settings.Escalations, provider));
        if (settings.Device is { } device)
        {
            services.AddSingleton(provider => new SiloDevice(
                provider.GetRequiredService<ILocalSiloDetails>().Name, device(provider), provider.GetRequiredService<ILocalSiloDetails>(),
                provider.GetRequiredService<IHolders>(), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<OwedForgetting>();
            services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<OwedForgetting>());
        }

        services.AddSingleton<IDevicePicker>(provider => new FleetDevicePicker(
            provider.GetRequiredService<FleetDirectory>(), provider.GetRequiredService<FleetPlacement>(), provider.GetService<SiloDevice>(), provider.GetRequiredService<ILocalSiloDetails>(),
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FleetDevicePicker>>()));
        services.AddSingleton<IDeviceMemories, FleetMemories>();
        services.AddSingleton<FleetUnused>();
        services.AddSingleton(provider => new ConversationServices
        {
            Devices = provider.GetRequiredService<IDevicePicker>(),
            Memories = provider.GetRequiredService<IDeviceMemories>(),
            Router = settings.Router?.Invoke(provider) is { } router ? new EndpointAwareRouter(router) : new LocalRouter(),
            Escalations = new FleetEscalationPicker(
                provider.GetRequiredService<FleetEndpoints>(), settings.Escalation, provider.GetRequiredService<ILocalSiloDetails>(), provider.GetRequiredService<IGrainFactory>(),
                provider.GetRequiredService<TimeProvider>()),
            Running = provider.GetRequiredService<RunningTurns>(),
            Options = settings.Conversations,
            Time = provider.GetRequiredService<TimeProvider>(),
            Logger = provider.GetRequiredService<ILogger<Conversation>>(),
        });
        services.AddSingleton<ConversationHost>();
        services.AddSingleton<IConversations>(provider => new OrleansConversations(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILocalSiloDetails>(),
            provider.GetRequiredService<IClusterMembershipService>()));
        services.AddFleetClients();
        return silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (fleet.ClusterId, fleet.ServiceId))
            .Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = fleet.ProbeTimeout;
                options.NumMissedProbesLimit = fleet.MissedProbes;
                options.MaxJoinAttemptTime = JoinLimit(fleet);
            })
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = options.SystemResponseTimeout = fleet.ResponseTimeout)
            .Configure<GrainVersioningOptions>(options =>
            {
                // Methods are only ever added, and called a release later: any silo can call any other. By Orleans' own rule a newer gateway could not call the
                // grain of a device that is not upgraded yet, and there is no other silo which that grain could live on.
                options.DefaultCompatibilityStrategy = nameof(AllVersionsCompatible);
            })
            .Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionAge = fleet.IdleInMemory;
                options.CollectionQuantum = TimeSpan.FromSeconds(Math.Min(60, fleet.IdleInMemory.TotalSeconds / 2));
            });
    }

    /// <summary>Longer than dead silos that still count as there need to be declared dead; they are awaited before anyone joins.</summary>
    private static TimeSpan JoinLimit(FleetOptions fleet) => TimeSpan.FromSeconds(30) + (3 * fleet.MissedProbes * fleet.ProbeTimeout);

    /// <summary>State and reminders in memory, for tests and trials: a silo that stops takes with it what it holds.</summary>
    public static ISiloBuilder UseHybridConversationsInMemory(this ISiloBuilder silo) => silo.UseMemory(new MemoryConversationIndex(), new MemoryHolders());

    internal static ISiloBuilder UseMemory(this ISiloBuilder silo, IConversationIndex index, IHolders holders)
    {
        silo.Services.AddSingleton(index).AddSingleton(holders);
        return silo.AddMemoryGrainStorage(FleetOptions.StorageName, options => options.Configure(o => o.GrainStorageSerializer = new RecordSerializer()))
            .UseInMemoryReminderService();
    }
}
