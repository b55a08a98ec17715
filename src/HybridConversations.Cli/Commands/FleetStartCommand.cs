using System.CommandLine;
using System.Runtime.InteropServices;
using HybridConversations.Cli.Hosting.Processes;
using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc fleet start</c>, or <c>hc fleet</c>: a whole fleet on this machine, until Ctrl-C ends all of it.</summary>
internal static class FleetStartCommand
{
    private const int MostDevices = 16;
    private const int DefaultDevices = 3;

    public static Command Create()
    {
        var command = new Command("start", "Start a whole fleet on this machine: devices, a gateway, and a Redis where none is given. Ctrl-C ends all of it in order.");
        var devices = new Option<int>("--devices") { Description = $"How many devices. (1 to {MostDevices}; default: {DefaultDevices})", HelpName = "N", DefaultValueFactory = _ => DefaultDevices };
        devices.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && (!int.TryParse(token.Value, out var count) || count is < 1 or > MostDevices))
            {
                result.AddError($"'--devices' must be from 1 to {MostDevices}.");
            }
        });
        command.Options.Add(devices);
        var options = new SettingOptions(command, [.. FleetSettings.Starting, .. KnownSettings.Serving.Except([KnownSettings.ShutdownSeconds]), .. KnownSettings.Engine]);
        command.SetAction((parsed, _) => Start(FleetStartSettings.Read(options.Given(parsed), parsed.GetValue(devices))));
        return command;
    }

    private static async Task<int> Start(FleetStartSettings settings)
    {
        using var stop = new CancellationTokenSource();
        var stopped = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        Console.Error.WriteLine($"Starting {settings.Devices} devices and a gateway …");
        try
        {
            await using var fleet = await FleetProcesses.Start(settings, Log, stop.Token);
            Describe(fleet, Console.Out);
            await Task.WhenAny(fleet.Ended, stopped.Task);
            Console.Error.WriteLine(stopped.Task.IsCompleted ? "Ending the fleet: turns that run are finished first …" : "Every process has left.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while it started: what was there has been ended.
        }

        Console.Error.WriteLine("The fleet has ended.");
        return ExitCodes.Success;

        void Stop(PosixSignalContext signal)
        {
            // A second one ends this process at once; the others then leave by themselves, since their input ends.
            signal.Cancel = stopped.TrySetResult();
            stop.Cancel();
        }
    }

    private static void Describe(FleetProcesses fleet, TextWriter to)
    {
        to.WriteLine($"Listening on {fleet.Address.GetLeftPart(UriPartial.Authority)}");
        foreach (var (device, address) in fleet.Devices)
        {
            to.WriteLine($"  {device,-10} {address.GetLeftPart(UriPartial.Authority)}");
        }

        to.WriteLine($"  dashboard  {fleet.Address.GetLeftPart(UriPartial.Authority)}/ (Orleans' own: {new Uri(fleet.Address, "/orleans")})");
        to.WriteLine($"  redis      {fleet.Redis}");
        to.WriteLine($"Talk to it:   ./run chat --url {fleet.Address.GetLeftPart(UriPartial.Authority)}");
        to.WriteLine($"Look at it:   ./run fleet status --redis {fleet.Redis}");
        to.WriteLine($"Take one out: ./run drain --device {fleet.Devices.Keys.First()} --redis {fleet.Redis}");
        to.WriteLine("Ctrl-C ends all of it in order.");
    }

    private static void Log(string process, string line) => Console.Error.WriteLine($"{process,-10} | {line}");
}
