using System.Text.Json;

namespace HybridConversations.Cli.Settings;

/// <summary>The object <c>"hc"</c> of an appsettings.json; comments and trailing commas are allowed.</summary>
internal sealed class SettingsFile
{
    public const string Name = "appsettings.json";
    private const string Section = "hc";

    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    private readonly string _path;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _sections = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];

    private SettingsFile(string path) => _path = path;

    public IReadOnlyList<string> Errors => _errors;

    public static SettingsFile Read(string path)
    {
        var file = new SettingsFile(path);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Section, out var section))
            {
                file.Take(section);
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            file._errors.Add($"{path} cannot be read: {exception.Message}");
        }

        return file;
    }

    public SettingText? Find(Setting setting) => _values.TryGetValue(setting.Member, out var value) ? new SettingText(value, $"\"{Section}\".\"{setting.Member}\" in {_path}") : null;

    /// <summary>An object inside <c>"hc"</c>; null when it is not there.</summary>
    public JsonElement? FindSection(string name) => _sections.TryGetValue(name, out var section) ? section : null;

    private void Take(JsonElement section)
    {
        if (section.ValueKind != JsonValueKind.Object)
        {
            _errors.Add($"\"{Section}\" in {_path} must be an object with the settings.");
            return;
        }

        foreach (var member in section.EnumerateObject())
        {
            if (KnownSettings.Sections.Contains(member.Name))
            {
                _sections[member.Name] = member.Value.Clone();
                continue;
            }

            if (KnownSettings.All.All(setting => setting.Member != member.Name))
            {
                _errors.Add($"\"{Section}\".\"{member.Name}\" in {_path} is no setting; there are {string.Join(", ", KnownSettings.All.Select(setting => setting.Member))}.");
                continue;
            }

            switch (member.Value.ValueKind)
            {
                case JsonValueKind.String:
                    _values[member.Name] = member.Value.GetString() ?? "";
                    break;
                case JsonValueKind.Number:
                    _values[member.Name] = member.Value.GetRawText();
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    _values[member.Name] = member.Value.GetBoolean() ? "on" : "off";
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    _errors.Add($"\"{Section}\".\"{member.Name}\" in {_path} must be a string, a number, true or false.");
                    break;
            }
        }
    }
}
