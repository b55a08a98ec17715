using System.Globalization;
using System.Text.Json;

namespace HybridConversations.Cli.Settings;

/// <summary>Reads settings as what they should be and gathers everything that is wrong, so that a person is told all of it at once.</summary>
internal sealed class SettingsReader
{
    private static readonly char[] Separators = [';', ','];

    private readonly SettingsSources _sources;
    private readonly List<string> _errors;

    public SettingsReader(SettingsSources sources) => (_sources, _errors) = (sources, [.. sources.Errors]);

    public string? Text(Setting setting, int maxLength = int.MaxValue) => Read(setting, text => text.Length <= maxLength ? text : null);

    /// <summary>What stands between the <c>;</c> and <c>,</c> of a setting; empty when it is not given.</summary>
    public string[] Items(Setting setting) => Items(Text(setting));

    /// <summary>What stands between the <c>;</c> and <c>,</c> of a text.</summary>
    public static string[] Items(string? text) => text?.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public int? Whole(Setting setting, int min, int max) => Number(setting, text => (int?)WholeOf(text, min, max));

    /// <summary>0, which means "choose for me", or a number in a range.</summary>
    public int? ZeroOrWhole(Setting setting, int min, int max) => Number(setting, text => text == "0" ? 0 : (int?)WholeOf(text, min, max));

    public long? WholeLong(Setting setting) => Number(setting, text => WholeOf(text, long.MinValue, long.MaxValue));

    public double? Fraction(Setting setting, double min, double max, bool aboveMin = false) => Number<double>(setting, text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value <= max && (aboveMin ? value > min : value >= min) ? value : null);

    public T? Choice<T>(Setting setting, params ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        if (_sources.Find(setting) is not { } found)
        {
            return null;
        }

        foreach (var (name, value) in choices)
        {
            if (found.Text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Refuse(setting, found);
        return null;
    }

    public bool? Switch(Setting setting) => Choice(setting, ("on", true), ("off", false), ("true", true), ("false", false));

    /// <summary>A value of any kind; null from <paramref name="parse"/> refuses it.</summary>
    public T? Read<T>(Setting setting, Func<string, T?> parse)
        where T : class
    {
        if (_sources.Find(setting) is not { } found)
        {
            return null;
        }

        if (parse(found.Text) is { } value)
        {
            return value;
        }

        Refuse(setting, found);
        return null;
    }

    /// <summary>A value that explains itself what is wrong with it.</summary>
    public void Check(Setting setting, Func<string, string?> fault)
    {
        if (_sources.Find(setting) is { } found && fault(found.Text) is { } message)
        {
            _errors.Add($"{found.Origin}: {message}");
        }
    }

    /// <summary>Something that holds between settings, or for a default.</summary>
    public void Wrong(Setting setting, string message) => _errors.Add($"{_sources.Find(setting)?.Origin ?? setting.Option}: {message}");

    /// <summary>What is wrong with something that is no single setting.</summary>
    public void Wrong(string message) => _errors.Add(message);

    /// <summary>An object of appsettings.json; null when there is none.</summary>
    public JsonElement? Section(string name) => _sources.FindSection(name);

    public bool IsOnCommandLine(Setting setting) => _sources.IsOnCommandLine(setting);

    /// <exception cref="SettingsException">Anything was wrong.</exception>
    public void ThrowIfWrong()
    {
        if (_errors.Count > 0)
        {
            throw new SettingsException(_errors);
        }
    }

    private static long? WholeOf(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;

    private T? Number<T>(Setting setting, Func<string, T?> parse)
        where T : struct
    {
        if (_sources.Find(setting) is not { } found)
        {
            return null;
        }

        if (parse(found.Text) is { } value)
        {
            return value;
        }

        Refuse(setting, found);
        return null;
    }

    private void Refuse(Setting setting, SettingText found)
    {
        var shown = found.Text.Length <= 80 ? found.Text : found.Text[..80] + "…";
        _errors.Add($"{found.Origin}: '{shown.ReplaceLineEndings(" ")}' is not allowed; allowed: {setting.Allowed}.");
    }
}
