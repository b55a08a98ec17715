using System.Text.Json;

namespace HybridConversations.Cli.Settings;

/// <summary>A value as it was written, and where.</summary>
/// <param name="Text">As written.</param>
/// <param name="Origin">For a person: <c>--context</c>, <c>HC_CONTEXT</c>, <c>"context" in /etc/hc/appsettings.json</c>.</param>
internal sealed record SettingText(string Text, string Origin);

/// <summary>Where values come from, strongest first: the command line, <c>HC_*</c> variables, appsettings.json in the current folder, then the one next to the program.</summary>
internal sealed class SettingsSources
{
    private readonly IReadOnlyDictionary<Setting, string> _commandLine;
    private readonly Func<string, string?> _variable;
    private readonly IReadOnlyList<SettingsFile> _files;

    public SettingsSources(IReadOnlyDictionary<Setting, string> commandLine, Func<string, string?> variable, params IReadOnlyList<string> folders)
    {
        (_commandLine, _variable) = (commandLine, variable);
        _files = [.. folders.Select(folder => Path.GetFullPath(Path.Combine(folder, SettingsFile.Name))).Distinct().Where(File.Exists).Select(SettingsFile.Read)];
    }

    /// <summary>What is wrong with the files themselves.</summary>
    public IEnumerable<string> Errors => _files.SelectMany(file => file.Errors);

    /// <summary>The sources of this process.</summary>
    public static SettingsSources OfProcess(IReadOnlyDictionary<Setting, string> commandLine) =>
        new(commandLine, Environment.GetEnvironmentVariable, Environment.CurrentDirectory, AppContext.BaseDirectory);

    public bool IsOnCommandLine(Setting setting) => _commandLine.ContainsKey(setting);

    /// <summary>An object of the strongest file that has it; null when none has.</summary>
    public JsonElement? FindSection(string name) => _files.Select(file => file.FindSection(name)).FirstOrDefault(section => section is not null);

    public SettingText? Find(Setting setting)
    {
        if (_commandLine.TryGetValue(setting, out var argument))
        {
            return new SettingText(argument, setting.Option);
        }

        if (_variable(setting.Variable) is { Length: > 0 } variable)
        {
            return new SettingText(variable, setting.Variable);
        }

        foreach (var file in _files)
        {
            if (file.Find(setting) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
