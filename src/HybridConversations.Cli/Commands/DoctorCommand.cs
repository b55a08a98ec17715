using System.CommandLine;
using HybridConversations.Cli.Doctor;
using HybridConversations.Cli.Settings;
using HybridConversations.Cli.Terminal;
using HybridConversations.Client;
using Spectre.Console;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc doctor</c>: what is here, what is missing, and what to do; with <c>--url</c> of a server or fleet that runs. Its exit code is 1 when something essential is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Tell what is here, what is missing, and what to do; with --url how a running server or fleet is.");
        var options = new SettingOptions(command, [KnownSettings.Model, KnownSettings.Backend, KnownSettings.Data, KnownSettings.Urls, KnownSettings.Url, KnownSettings.Key]);
        command.SetAction((parsed, cancellationToken) => Examine(options.Sources(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> Examine(SettingsSources sources, CancellationToken cancellationToken)
    {
        var reader = new SettingsReader(sources);
        var url = reader.Read(KnownSettings.Url, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null);
        if (url is null)
        {
            return Tell(Diagnosis.Examine(sources), "Ready to talk: hc chat");
        }

        reader.ThrowIfWrong();
        using var http = HttpConversations.CreateClient(url, reader.Text(KnownSettings.Key));
        http.Timeout = TimeSpan.FromSeconds(20);
        return Tell(await new ServerCheck(http).Examine(cancellationToken), $"Ready to talk: hc chat --url {url}");
    }

    private static int Tell(IEnumerable<Finding> findings, string ready)
    {
        var missing = 0;
        foreach (var finding in findings)
        {
            var (mark, color) = finding.Level switch
            {
                FindingLevel.Ok => ("ok     ", "green"),
                FindingLevel.Note => ("note   ", "yellow"),
                _ => ("missing", "red"),
            };

            // Only the mark is the console's: it would wrap what follows, and a path must stay whole to be copied.
            Terminals.Output.Markup($"[{color}]{mark}[/]");
            Console.Out.WriteLine($" {finding.Subject,-12} {finding.Detail}");
            if (finding.Advice is { } advice)
            {
                Console.Out.WriteLine($"        {"",-12} → {advice}");
            }

            missing += finding.Level == FindingLevel.Missing ? 1 : 0;
        }

        Console.Out.WriteLine(missing == 0 ? ready : $"{missing} essential {(missing == 1 ? "thing is" : "things are")} missing.");
        return missing == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }
}
