using System.CommandLine;
using HybridConversations.Cli.Hosting;
using HybridConversations.Cli.Hosting.Fleet;
using HybridConversations.Cli.Observability;
using HybridConversations.Cli.Settings;
using HybridConversations.Http.Hosting;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc join</c>: joins the fleet and answers over HTTP until it is stopped or drained.</summary>
internal static class JoinCommand
{
    public static Command Create()
    {
        var command = new Command("join", "Join the fleet as a device, or as a gateway, and serve conversations over HTTP until stopped by SIGINT, SIGTERM or SIGHUP, which drain the device first.");
        var options = new SettingOptions(command, [.. FleetSettings.All, .. KnownSettings.Serving.Except([KnownSettings.ShutdownSeconds]), .. KnownSettings.Engine]);
        command.SetAction((parsed, cancellationToken) => Join(SiloProcessSettings.Read(options.Sources(parsed)), cancellationToken));
        return command;
    }

    private static async Task<int> Join(SiloProcessSettings settings, CancellationToken cancellationToken)
    {
        WebApplication? server = null;
        FleetMachine? machine = null;
        await using var app = server = HttpServer.Build(
            settings.Server.Urls, settings.Server.Http, settings.Server.Doors,
            async (loggers, stop) => machine = await FleetMachine.Start(settings, loggers, () => server!.Lifetime.StopApplication(), stop),
            logging => ConfigureLog(logging, settings), keys: settings.Server.Keys);
        MetricsEndpoint.Map(app, settings.Server.Observability);
        if (settings.Dashboard)
        {
            DashboardBranch.Map(app, () => machine?.Dashboard);
        }

        app.Lifetime.ApplicationStopping.Register(() => machine?.BeginDrain());
        if (settings.StopsWithInput)
        {
            StopWithInput(app.Lifetime);
        }

        using var hangUp = HangUp.Stops(app.Lifetime);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"hc join: {exception.Message.TrimEnd('.')}. Choose another address with {KnownSettings.Urls.Option}.");
            return ExitCodes.Failure;
        }

        Console.Out.WriteLine($"Listening on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync(cancellationToken);
        return app.Services.GetRequiredService<MachineHost>().Failure is { } failure ? HcCommandLine.Explain(failure) : ExitCodes.Success;
    }

    /// <summary>Reads until whoever holds the other end closes it, or is gone.</summary>
    private static void StopWithInput(IHostApplicationLifetime lifetime) => new Thread(() =>
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
        }

        lifetime.StopApplication();
    })
    { IsBackground = true, Name = "standard input" }.Start();

    /// <summary>At its own level Orleans would tell every option that it has.</summary>
    private static void ConfigureLog(ILoggingBuilder logging, SiloProcessSettings settings)
    {
        var level = settings.Server.Log ?? LogLevel.Information;
        Exporters.Add(logging, settings.Server.Observability, settings.Device ?? $"gateway-{Environment.MachineName}");
        Logs.Configure(logging, level);
        var theirs = level == LogLevel.Information ? LogLevel.Warning : level;
        logging.AddFilter("Orleans", theirs).AddFilter("Polly", theirs);
    }
}
