using System.CommandLine;
using HybridConversations.Cli.Hosting;
using HybridConversations.Cli.Observability;
using HybridConversations.Cli.Settings;
using HybridConversations.Http.Hosting;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc serve</c>: the HTTP API of one machine.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Serve conversations over HTTP (docs/http-api.md) until stopped by SIGINT, SIGTERM or SIGHUP.");
        var options = new SettingOptions(command, [.. KnownSettings.Serving, .. KnownSettings.Engine]);
        command.SetAction((parsed, cancellationToken) => Serve(ServerSettings.Read(options.Sources(parsed)), cancellationToken));
        return command;
    }

    private static async Task<int> Serve(ServerSettings settings, CancellationToken cancellationToken)
    {
        await using var app = HttpServer.Build(
            settings.Urls, settings.Http, settings.Doors, (loggers, stop) => OneMachine.Start(settings, loggers, stop), logging => ConfigureLog(logging, settings),
            settings.WarmUp ? Rehearsal.Run : null, settings.Keys);
        MetricsEndpoint.Map(app, settings.Observability);
        using var hangUp = HangUp.Stops(app.Lifetime);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"hc serve: {exception.Message.TrimEnd('.')}. Choose another address with {KnownSettings.Urls.Option}.");
            return ExitCodes.Failure;
        }

        // One line a program can wait for; everything else goes to the log.
        Console.Out.WriteLine($"Listening on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync(cancellationToken);
        return app.Services.GetRequiredService<MachineHost>().Failure is { } failure ? HcCommandLine.Explain(failure) : ExitCodes.Success;
    }

    private static void ConfigureLog(ILoggingBuilder logging, ServerSettings settings)
    {
        Logs.Configure(logging, settings.Log ?? LogLevel.Information);
        Exporters.Add(logging, settings.Observability, Environment.MachineName);
    }
}
