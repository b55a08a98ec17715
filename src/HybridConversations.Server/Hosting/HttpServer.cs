using HybridConversations.Server.Http;
using HybridConversations.Server.Http.Health;
using HybridConversations.Server.Settings;
using Microsoft.AspNetCore.Hosting.Server;

namespace HybridConversations.Server.Hosting;

/// <summary>The web server of one machine.</summary>
internal static class HttpServer
{
    /// <param name="settings">Where to listen, and the bounds.</param>
    /// <param name="start">Starts the machine; the server listens meanwhile.</param>
    /// <param name="logging">Where the log goes.</param>
    /// <param name="rehearse">Run with the server's own address once the machine has started, before the server is ready; null for nothing.</param>
    public static WebApplication Build(ServerSettings settings, Func<ILoggerFactory, CancellationToken, Task<IMachine>> start, Action<ILoggingBuilder> logging,
        Func<Uri, ILogger, CancellationToken, Task>? rehearse = null)
    {
        // An empty builder: the settings are this program's own, and nothing else reads appsettings.json or ASPNETCORE_* behind their back.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(HttpServer).Assembly.GetName().Name });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().UseUrls([.. settings.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // RequestBody counts for itself, so that it can say what is too large even to a client that is still sending.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentConnections = 4096;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Http.ShutdownGrace + TimeSpan.FromSeconds(10));
        builder.Services.AddHttpApi(settings.Http);
        builder.Services.AddSingleton(services => new MachineHost(
            cancellationToken => start(services.GetRequiredService<ILoggerFactory>(), cancellationToken),
            services.GetRequiredService<Readiness>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<ILogger<MachineHost>>(),
            rehearse is null ? null : stop => rehearse(ListenUrls.Own(services.GetRequiredService<IServer>()), services.GetRequiredService<ILogger<MachineHost>>(), stop)));
        builder.Services.AddHostedService(services => services.GetRequiredService<MachineHost>());
        builder.Services.AddSingleton<IActors>(services => services.GetRequiredService<MachineHost>());
        var app = builder.Build();
        app.MapHttpApi();
        return app;
    }
}
