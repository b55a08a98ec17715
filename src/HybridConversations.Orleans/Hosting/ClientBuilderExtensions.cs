using HybridConversations.Client;
using HybridConversations.Conversations.Archive;
using HybridConversations.Orleans.Clients;
using HybridConversations.Orleans.Fleet;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Makes an app a client of the fleet.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>
    /// Adds the messages, and for the app <see cref="IConversations"/>, <see cref="IFleet"/>, <see cref="OrleansHistory"/> and <see cref="IChatClient"/>. Where the silos are comes from
    /// <c>UseHybridConversationsRedis</c>, or any other clustering.
    /// </summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static IClientBuilder AddHybridConversations(this IClientBuilder client, FleetOptions? fleet = null)
    {
        var options = fleet ?? new FleetOptions();
        options.Validate();
        client.Services.AddHybridConversationsSerializer();
        client.Services.AddFleetClients();
        return client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.ClusterId, options.ServiceId))
            .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = options.ResponseTimeout);
    }

    internal static IServiceCollection AddFleetClients(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IConversations>(provider => new OrleansConversations(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new OrleansFleet(provider.GetRequiredService<IGrainFactory>()));
        services.TryAddSingleton(provider => new OrleansHistory(provider.GetRequiredService<IGrainFactory>()));
        services.TryAddSingleton<IConversationArchive>(provider => new ListedArchive(
            provider.GetRequiredService<IConversations>().List, provider.GetRequiredService<OrleansHistory>().Read));
        services.TryAddSingleton<IFleet>(provider => provider.GetRequiredService<OrleansFleet>());
        services.TryAddSingleton<IChatClient>(provider => new ConversationsChatClient(provider.GetRequiredService<IConversations>()));
        return services;
    }
}
