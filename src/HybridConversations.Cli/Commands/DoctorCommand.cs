using System.CommandLine;
using HybridConversations.Cli.Doctor;
using HybridConversations.Cli.Settings;
using HybridConversations.Cli.Terminal;
using Spectre.Console;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc doctor</c>: what is here, what is missing, and what to do. Its exit code is 1 when something essential is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Tell what is here, what is missing, and what to do.");
        var options = new SettingOptions(command, [KnownSettings.Model, KnownSettings.Backend, KnownSettings.Data, KnownSettings.Urls]);
        command.SetAction(parsed => Examine(options.Sources(parsed)));
        return command;
    }

    private static int Examine(SettingsSources sources)
    {
        var missing = 0;
        foreach (var finding in Diagnosis.Examine(sources))
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

        Console.Out.WriteLine(missing == 0 ? "Ready to talk: hc chat" : $"{missing} essential {(missing == 1 ? "thing is" : "things are")} missing.");
        return missing == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }
}
