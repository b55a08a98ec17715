using HybridConversations.Orleans.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Guards every connection between silos, and between clients and silos.</summary>
public static class SecurityExtensions
{
    /// <summary>Lets only those connect to this silo, and connects only to those, who have what the fleet asks for.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static ISiloBuilder UseConnectionSecurity(this ISiloBuilder silo, ConnectionSecurity security)
    {
        security.Validate();
        silo.Services.AddGuards(security).AddSingleton<IConfigureOptions<SiloConnectionOptions>>(provider => new ConfigureNamedOptions<SiloConnectionOptions>(Options.DefaultName, options =>
        {
            options.ConfigureSiloInboundConnection(connection => GuardInbound(connection, provider));
            options.ConfigureGatewayInboundConnection(connection => GuardInbound(connection, provider));
            options.ConfigureSiloOutboundConnection(connection => GuardOutbound(connection, provider));
        }));
        return silo;
    }

    /// <summary>Connects this client only to those who have what the fleet asks for, and shows that it has it, too.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: the settings are wrong; the message names every error.</exception>
    public static IClientBuilder UseConnectionSecurity(this IClientBuilder client, ConnectionSecurity security)
    {
        security.Validate();
        client.Services.AddGuards(security).AddSingleton<IConfigureOptions<ClientConnectionOptions>>(provider => new ConfigureNamedOptions<ClientConnectionOptions>(
            Options.DefaultName, options => options.ConfigureConnection(connection => GuardOutbound(connection, provider))));
        return client;
    }

    private static IServiceCollection AddGuards(this IServiceCollection services, ConnectionSecurity security)
    {
        services.AddSingleton(security);
        if (security.Tls)
        {
            services.AddSingleton<FleetTls>();
        }

        if (security.JoinToken is not null)
        {
            services.AddSingleton<DoorKeeper>();
        }

        return services;
    }

    /// <summary>What comes first is nearer to the network: the token is proved behind TLS.</summary>
    private static void GuardInbound(IConnectionBuilder connection, IServiceProvider provider)
    {
        if (provider.GetService<FleetTls>() is { } tls)
        {
            connection.UseServerTls(tls.Options);
        }

        if (provider.GetService<DoorKeeper>() is { } door)
        {
            connection.Use(door.Inbound);
        }
    }

    private static void GuardOutbound(IConnectionBuilder connection, IServiceProvider provider)
    {
        if (provider.GetService<FleetTls>() is { } tls)
        {
            connection.UseClientTls(tls.Options);
        }

        if (provider.GetService<DoorKeeper>() is { } door)
        {
            connection.Use(door.Outbound);
        }
    }
}
