using System.CommandLine;
using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Commands;

/// <summary>Settings as command-line options; values stay text until they are read with all the other sources.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option<string?> Option)> _options = [];

    public SettingOptions(Command command, IEnumerable<Setting> settings)
    {
        foreach (var setting in settings)
        {
            var option = new Option<string?>(setting.Option)
            {
                Description = $"{setting.Description} ({setting.Allowed})",
                HelpName = setting.ValueName,
                Arity = setting.IsSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            };
            command.Options.Add(option);
            _options.Add((setting, option));
        }
    }

    /// <summary>The sources of settings behind this command line.</summary>
    public SettingsSources Sources(ParseResult parsed) => SettingsSources.OfProcess(Given(parsed));

    /// <summary>What is on this command line.</summary>
    public Dictionary<Setting, string> Given(ParseResult parsed)
    {
        var values = new Dictionary<Setting, string>();
        foreach (var (setting, option) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
            {
                values[setting] = result.Tokens is [var token, ..] ? token.Value : "on";
            }
        }

        return values;
    }
}
