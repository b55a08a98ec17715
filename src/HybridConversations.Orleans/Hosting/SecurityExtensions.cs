using HybridConversations.Orleans.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Guards every connection between silos, and between clients and silos.</summary>
public static class SecurityExtensions
{
    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static ISiloBuilder UseConnectionSecurity(this ISiloBuilder silo, ConnectionSecurity security)
    {
        security.Validate();
        silo.Services.AddSingleton(security).AddSingleton<DoorKeeper>();
        silo.Services.AddSingleton<IConfigureOptions<SiloConnectionOptions>>(provider => new ConfigureNamedOptions<SiloConnectionOptions>(Options.DefaultName, options =>
        {
            var door = provider.GetRequiredService<DoorKeeper>();
            options.ConfigureSiloInboundConnection(connection => connection.Use(door.Inbound));
            options.ConfigureGatewayInboundConnection(connection => connection.Use(door.Inbound));
            options.ConfigureSiloOutboundConnection(connection => connection.Use(door.Outbound));
        }));
        return silo;
    }

    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static IClientBuilder UseConnectionSecurity(this IClientBuilder client, ConnectionSecurity security)
    {
        security.Validate();
        client.Services.AddSingleton(security).AddSingleton<DoorKeeper>();
        client.Services.AddSingleton<IConfigureOptions<ClientConnectionOptions>>(provider => new ConfigureNamedOptions<ClientConnectionOptions>(
            Options.DefaultName, options => options.ConfigureConnection(connection => connection.Use(provider.GetRequiredService<DoorKeeper>().Outbound))));
        return client;
    }
}
