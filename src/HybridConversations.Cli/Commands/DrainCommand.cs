using System.CommandLine;
using HybridConversations.Cli.Settings;
using HybridConversations.Orleans.Clients;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc drain --device ID</c>: has a device end its turns, hand its conversations over and leave.</summary>
internal static class DrainCommand
{
    public static Command Create()
    {
        var command = new Command("drain", "Have a device take no new turns, end its running ones, and stop. Its conversations go on at other devices.");
        var stay = new Option<bool>("--stay") { Description = "Let its process run on." };
        var wait = FleetClient.ConnectSeconds();
        command.Options.Add(stay);
        command.Options.Add(wait);
        var options = new SettingOptions(command, [FleetSettings.Device, .. FleetSettings.Joining, KnownSettings.Log]);
        command.SetAction((parsed, cancellationToken) =>
            Drain(DrainSettings.Read(options.Sources(parsed)), !parsed.GetValue(stay), TimeSpan.FromSeconds(parsed.GetValue(wait)), cancellationToken));
        return command;
    }

    private static async Task<int> Drain(DrainSettings settings, bool leave, TimeSpan connectLimit, CancellationToken cancellationToken)
    {
        if (await FleetClient.Connect(settings.Join, settings.Log, connectLimit, "drain", cancellationToken) is not { } host)
        {
            return ExitCodes.Failure;
        }

        var left = await host.Services.GetRequiredService<OrleansFleet>().Drain(settings.Device, leave, cancellationToken);
        Console.Out.WriteLine(left == 0 ? $"Device '{settings.Device}' is drained." : $"Device '{settings.Device}' is drained; {left} turns were cut off.");
        await host.StopAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
