using System.CommandLine;
using HybridConversations.Cli.Settings;
using HybridConversations.Cli.Terminal;
using HybridConversations.Orleans.Clients;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc fleet status</c>: what a dashboard would show, from an Orleans client that only reads. Wakes and disturbs no conversation.</summary>
internal static class FleetStatusCommand
{
    private const int Page = 50;

    public static Command Create()
    {
        var command = new Command("status", "Show the fleet's devices and its newest conversations, or one conversation's history. Only reads.");
        var conversation = new Option<string?>("--conversation") { Description = "Show the history of this one.", HelpName = "ID" };
        var limit = new Option<int>("--limit") { Description = "Conversations to list. (0 to 200; default: 10)", HelpName = "N", DefaultValueFactory = _ => 10 };
        limit.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens is [var token, ..] ? token.Value : "10", out var count) || count is < 0 or > Limits.MaxPage)
            {
                result.AddError($"'--limit' must be from 0 to {Limits.MaxPage}.");
            }
        });
        var wait = FleetClient.ConnectSeconds();
        command.Options.Add(conversation);
        command.Options.Add(limit);
        command.Options.Add(wait);
        var options = new SettingOptions(command, [.. FleetSettings.Joining, KnownSettings.Log]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reader = new SettingsReader(options.Sources(parsed));
            var (join, log) = (JoinSettings.Read(reader), ServerSettings.ReadLog(reader));
            reader.ThrowIfWrong();
            if (await FleetClient.Connect(join, log, TimeSpan.FromSeconds(parsed.GetValue(wait)), "fleet status", cancellationToken) is not { } host)
            {
                return ExitCodes.Failure;
            }

            if (parsed.GetValue(conversation) is { } id)
            {
                await History(host.Services.GetRequiredService<OrleansHistory>(), id, Console.Out, cancellationToken);
            }
            else
            {
                await Fleet(host.Services, parsed.GetValue(limit), Console.Out, cancellationToken);
            }

            await host.StopAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task Fleet(IServiceProvider services, int conversations, TextWriter to, CancellationToken cancellationToken)
    {
        var view = await services.GetRequiredService<IFleet>().View(cancellationToken);
        to.WriteLine($"{"DEVICE",-20} {"STATE",-9} {"RUNNING",7} {"WAITING",7} {"KV",5}  MODEL");
        foreach (var device in view.Devices)
        {
            var load = device.Load;
            to.WriteLine($"{device.DeviceId,-20} {device.State,-9} {load.Running,7} {load.Waiting,7} {100.0 * load.KvCellsUsed / Math.Max(1, load.KvCells),4:0}%  {device.Model.Name}");
        }

        foreach (var cloud in view.Escalations)
        {
            to.WriteLine($"cloud {cloud.Endpoint}: {(cloud.Available ? "available" : cloud.Reason)}; {cloud.InFlight} calls under way; {cloud.SpentThisMonth} spent this month");
        }

        if (conversations == 0)
        {
            return;
        }

        var list = await services.GetRequiredService<IConversations>().List(null, conversations, cancellationToken);
        to.WriteLine();
        to.WriteLine($"{"LAST USED",-20} {"TURNS",6}  CONVERSATION");
        foreach (var line in list.Conversations)
        {
            to.WriteLine($"{line.UpdatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z {line.Turns,6}  {line.Id}");
        }
    }

    private static async Task History(OrleansHistory history, string id, TextWriter to, CancellationToken cancellationToken)
    {
        long? after = 0;
        while (after is { } from)
        {
            var page = await history.Read(id, from, Page, cancellationToken) ?? throw new ProblemException(ProblemCodes.Missing($"There is no conversation '{id}'."));
            foreach (var turn in page.Turns)
            {
                to.WriteLine($"{turn.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z {turn.TurnId} {turn.State} by {turn.AnsweredBy ?? "nobody"} ({turn.RouteReason})");
                to.WriteLine($"  user: {Printable.Of(turn.User.ReplaceLineEndings(" "))}");
                to.WriteLine($"  reply: {Printable.Of(turn.Reply.ReplaceLineEndings(" "))}");
            }

            after = page.Next;
        }
    }
}
