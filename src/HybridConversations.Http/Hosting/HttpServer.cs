using System.Net.Http.Headers;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Health;
using HybridConversations.Http.Keys;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridConversations.Http.Hosting;

/// <summary>A web server that serves <see cref="HttpApi"/> and nothing else, for a process whose actors start while it listens already.</summary>
public static class HttpServer
{
    /// <summary>Builds it; <see cref="WebApplication.StartAsync"/> listens, and starts the machine.</summary>
    /// <param name="urls">Where to listen.</param>
    /// <param name="limits">Bounds and times.</param>
    /// <param name="doors">Who may speak to it.</param>
    /// <param name="start">Starts the machine; the server listens meanwhile.</param>
    /// <param name="logging">Where the log goes.</param>
    /// <param name="rehearse">Run with a client of the server itself, with a key of its own, once the machine has started, before the server is ready; null for nothing.</param>
    /// <param name="keys">Who is let in; null for whoever reaches it.</param>
    public static WebApplication Build(
        IEnumerable<string> urls, HttpLimits limits, DoorOptions doors, Func<ILoggerFactory, CancellationToken, Task<IMachine>> start, Action<ILoggingBuilder> logging,
        Func<HttpClient, ILogger, CancellationToken, Task>? rehearse = null, KeyOptions? keys = null)
    {
        // An empty builder: the settings are this program's own, and nothing else reads appsettings.json or ASPNETCORE_* behind their back.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(HttpServer).Assembly.GetName().Name });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore();
        if (doors.Certificate is { } certificate)
        {
            builder.Services.AddSingleton(services => new ServerCertificate(certificate, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ServerCertificate>>()));
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(Secure);
        }

        builder.WebHost.UseUrls([.. urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // RequestBody counts for itself, so that it can say what is too large even to a client that is still sending.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentConnections = 4096;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.ShutdownGrace + TimeSpan.FromSeconds(10));
        builder.Services.AddHybridConversationsHttp(limits, doors, keys);
        builder.Services.AddSingleton(services => new MachineHost(
            cancellationToken => start(services.GetRequiredService<ILoggerFactory>(), cancellationToken),
            services.GetRequiredService<Readiness>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<ILogger<MachineHost>>(),
            rehearse is null ? null : stop => Rehearse(services, rehearse, stop)));
        builder.Services.AddHostedService(services => services.GetRequiredService<MachineHost>());
        builder.Services.AddSingleton<IActors>(services => services.GetRequiredService<MachineHost>());
        var app = builder.Build();
        app.MapHybridConversations();
        return app;
    }

    /// <summary>Every new connection gets the certificate that counts then.</summary>
    private static void Secure(KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
        https.OnAuthenticate = (_, tls) => (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, certificate.Current);
    });

    /// <summary>Its certificate has another's name than its loopback address, and is known to be its own.</summary>
    private static async Task Rehearse(IServiceProvider services, Func<HttpClient, ILogger, CancellationToken, Task> rehearse, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => services.GetService<ServerCertificate>()?.IsOwn(shown) is true;
        using var http = new HttpClient(handler) { BaseAddress = OwnAddress(services.GetRequiredService<IServer>()), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", services.GetRequiredService<KeyRing>().Own);
        await rehearse(http, services.GetRequiredService<ILogger<MachineHost>>(), cancellationToken);
    }

    /// <summary>An address of a running server that this process reaches it at.</summary>
    private static Uri OwnAddress(IServer server)
    {
        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        foreach (var any in (ReadOnlySpan<string>)["//0.0.0.0:", "//[::]:", "//*:", "//+:"])
        {
            address = address.Replace(any, "//localhost:", StringComparison.Ordinal);
        }

        return new Uri(address);
    }
}
