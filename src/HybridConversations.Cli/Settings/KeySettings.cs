using HybridConversations.Http.Keys;

namespace HybridConversations.Cli.Settings;

/// <summary>Who is let in. A server that others than its own machine reach wants keys, unless <c>--open</c> says that everyone may do everything.</summary>
internal static class KeySettings
{
    private const string FileName = "keys.json";

    public static Setting File { get; } = new("keys", "FILE", "File of keys, as 'hc keys' makes it.", "a file; default: keys.json in the data folder");
    public static Setting Given { get; } = new("api-keys", "KEYS", "Keys beside those of the file; better in HC_API_KEYS.", $"ROLE:TENANT:KEY (read, talk or admin; a tenant's name or '*' for all; {KeySecret.MinCharacters} characters or more), several separated by ';' or ','");
    public static Setting Open { get; } = new("open", "on|off", "Listen beyond this machine without keys: whoever reaches the server may read and change every conversation.", "on or off; default: off") { IsSwitch = true };
    public static Setting RequestsPerMinute { get; } = new("requests-per-minute", "N", "Requests a minute of each tenant; one more gets 429.", "1 to 1000000; default: no limit");

    public static Setting TokensPerMinute { get; } = new("tokens-per-minute", "N", "Tokens a minute of each tenant, read and written; beyond them 429.", "1 to 1000000000; default: no limit");

    public static IReadOnlyList<Setting> All { get; } = [File, Given, Open, RequestsPerMinute, TokensPerMinute];

    /// <param name="reader">The settings.</param>
    /// <param name="urls">Where the server listens.</param>
    /// <param name="data">Its data folder; empty for one without.</param>
    public static KeyOptions Read(SettingsReader reader, IReadOnlyList<string> urls, string data)
    {
        var file = PathOf(reader, data);
        var given = ReadGiven(reader);
        var isOpen = reader.Switch(Open) ?? false;
        var wide = ListenUrls.Fault(string.Join(';', urls)) is null ? urls.FirstOrDefault(url => !IsLoopback(url)) : null;
        if (wide is not null && !isOpen && given.Count == 0 && !HasKeys(reader, file))
        {
            reader.Wrong(KnownSettings.Urls, $"'{wide}' lets the network in, and there is no key: make one with 'hc keys add --role admin', or say {Open.Option} if whoever reaches it may read and change every conversation.");
        }

        return new KeyOptions
        {
            File = file,
            Fixed = given,
            Required = wide is not null && !isOpen,
            RequestsPerMinute = reader.Whole(RequestsPerMinute, 1, 1_000_000),
            TokensPerMinute = reader.Whole(TokensPerMinute, 1, 1_000_000_000),
        };
    }

    /// <summary>The file of keys.</summary>
    public static string? PathOf(SettingsReader reader, string data) =>
        reader.Text(File) is { Length: > 0 } path ? Paths.Full(path)
        : (data.Length > 0 ? data : DataFolders.Default()) is { } folder ? Path.Combine(folder, FileName)
        : null;

    private static List<ApiKey> ReadGiven(SettingsReader reader)
    {
        var keys = new List<ApiKey>();
        foreach (var text in reader.Items(Given))
        {
            // What is wrong is said without quoting it: it may be a key.
            if (text.Split(':', 3) is [var role, var tenant, { Length: >= KeySecret.MinCharacters } key] && Role(role) is { } known && IsTenant(tenant))
            {
                keys.Add(new ApiKey { Id = $"env-{keys.Count + 1}", Name = Given.Variable, Role = known, Tenant = tenant, Hash = KeySecret.Hash(key) });
            }
            else
            {
                reader.Wrong(Given, $"entry {keys.Count + 1} is not allowed; allowed: {Given.Allowed}.");
                break;
            }
        }

        return keys;
    }

    /// <summary>A role by its name; null for none.</summary>
    public static KeyRole? Role(string name) => name.ToLowerInvariant() switch
    {
        "read" => KeyRole.Read,
        "talk" => KeyRole.Talk,
        "admin" => KeyRole.Admin,
        _ => null,
    };

    public static bool IsTenant(string name) => name == ApiKey.AllTenants || Tenants.IsName(name);

    public static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;

    private static bool HasKeys(SettingsReader reader, string? file)
    {
        try
        {
            return file is not null && new KeyFile(file).Read().Count > 0;
        }
        catch (ProblemException error)
        {
            reader.Wrong(File, error.Message);
            return true;
        }
    }
}
