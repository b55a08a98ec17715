using System.CommandLine;
using System.Globalization;
using HybridConversations.Cli.Routes;
using HybridConversations.Cli.Settings;
using HybridConversations.Routing;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc route</c>: where a turn would be answered, and why. Loads no model and asks no cloud.</summary>
internal static class RouteCommand
{
    public static Command Create()
    {
        var text = new Argument<string[]>("TEXT") { Arity = ArgumentArity.ZeroOrMore, Description = "What is said; several words need no quotation marks." };
        var file = new Option<string?>("--file")
        {
            Description = "Read requests from here instead: one JSON object with a \"text\" a line; '-' for standard input. Prints one object a line: text, target (local or cloud), score, reason.",
            HelpName = "FILE",
        };
        var threshold = new Option<string?>("--threshold") { Description = $"{KnownSettings.CloudThreshold.Description} ({KnownSettings.CloudThreshold.Allowed}, or as in \"routing\" of appsettings.json)", HelpName = KnownSettings.CloudThreshold.ValueName };
        var command = new Command("route", "Tell where a request would be answered, on the device or in the cloud, with the score and the words that made it.") { text, file, threshold };
        command.SetAction((parsed, cancellationToken) =>
            Run(parsed.GetValue(text) ?? [], parsed.GetValue(file), parsed.GetValue(threshold), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string[] words, string? file, string? threshold, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', words);
        if (words.Length > 0 == file is not null || (file is null && string.IsNullOrWhiteSpace(text)))
        {
            throw new SettingsException(["hc route needs either a text or --file. See: hc route --help"]);
        }

        if (text.Length > Limits.MaxTurnCharacters)
        {
            throw new SettingsException([$"the text has {text.Length} characters; a turn may have {Limits.MaxTurnCharacters}. Give less."]);
        }

        var router = new Router(Options(threshold));
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (file is null)
        {
            RoutePrint.Write(output, router, text);
            return ExitCodes.Success;
        }

        using var input = Open(file);
        return await new RouteFile(router, file == "-" ? "standard input" : file).Run(input, output, Console.Error, cancellationToken) ? ExitCodes.Success : ExitCodes.Usage;
    }

    private static RouterOptions Options(string? threshold)
    {
        var reader = new SettingsReader(SettingsSources.OfProcess(new Dictionary<Setting, string>()));
        var options = RoutingSection.Read(reader);
        if (threshold is not null)
        {
            var given = double.TryParse(threshold, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1 ? value : double.NaN;
            if (double.IsNaN(given))
            {
                reader.Wrong($"--threshold: '{threshold}' is not allowed; allowed: a number above 0 and below 1.");
            }

            options = options with { Threshold = given, CloudShare = null };
        }

        reader.ThrowIfWrong();
        return options;
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file == "-" ? Console.OpenStandardInput() : File.OpenRead(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"--file: {exception.Message}"]);
        }
    }
}
