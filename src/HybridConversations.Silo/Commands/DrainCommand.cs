using System.CommandLine;
using HybridConversations.Cluster.Clients;
using HybridConversations.Cluster.Hosting;
using HybridConversations.Server.Commands;
using HybridConversations.Server.Settings;
using HybridConversations.Silo.Settings;

namespace HybridConversations.Silo.Commands;

/// <summary><c>hc-silo drain --device ID</c>: has a device end its turns, hand its conversations over and leave.</summary>
internal static class DrainCommand
{
    public static Command Create()
    {
        var command = new Command("drain", "Have a device take no new turns, end its running ones, and stop. Its conversations go on at other devices.");
        var stay = new Option<bool>("--stay") { Description = "Let its process run on." };
        var wait = new Option<int>("--connect-seconds") { Description = "How long to try to get into the fleet.", HelpName = "N", DefaultValueFactory = _ => 30 };
        wait.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens is [var token, ..] ? token.Value : "30", out var seconds) || seconds is < 1 or > 3600)
            {
                result.AddError("'--connect-seconds' must be from 1 to 3600.");
            }
        });
        command.Options.Add(stay);
        command.Options.Add(wait);
        var options = new SettingOptions(command, [FleetSettings.Device, .. FleetSettings.Joining, KnownSettings.Log]);
        command.SetAction((parsed, cancellationToken) => Drain(DrainSettings.Read(options.Sources(parsed)), !parsed.GetValue(stay), TimeSpan.FromSeconds(parsed.GetValue(wait)), cancellationToken));
        return command;
    }

    private static async Task<int> Drain(DrainSettings settings, bool leave, TimeSpan connectLimit, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Logs.Configure(builder.Logging, settings.Log ?? LogLevel.Warning);
        builder.UseOrleansClient(client =>
        {
            client.AddHybridConversations(settings.Join.Fleet).UseHybridConversationsRedis(settings.Join.Redis);
            if (settings.Join.Security is { } security)
            {
                client.UseConnectionSecurity(security);
            }
        });

        // Not disposed: where no silo lets it in, a client goes on trying, and waits for itself when it is disposed. The process ends anyway.
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken).WaitAsync(connectLimit, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException and not ProblemException)
        {
            Console.Error.WriteLine(
                $"hc-silo drain: no silo of the fleet lets this process in ({error.Message}) Check {FleetSettings.Redis.Option}, the join token and the certificates; {KnownSettings.Log.Option} info says more.");
            return ExitCodes.Failure;
        }

        var left = await host.Services.GetRequiredService<OrleansFleet>().Drain(settings.Device, leave, cancellationToken);
        Console.Out.WriteLine(left == 0 ? $"Device '{settings.Device}' is drained." : $"Device '{settings.Device}' is drained; {left} turns were cut off.");
        await host.StopAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
