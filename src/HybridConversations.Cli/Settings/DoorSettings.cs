using HybridConversations.Http.Doors;

namespace HybridConversations.Cli.Settings;

/// <summary>Who may speak to the server.</summary>
internal static class DoorSettings
{
    public static DoorOptions Read(SettingsReader reader)
    {
        reader.Check(KnownSettings.AllowedHosts, text => SettingsReader.Items(text).FirstOrDefault(name => !IsHost(name)) is { } wrong
            ? $"'{wrong}' is not allowed; allowed: {KnownSettings.AllowedHosts.Allowed}." : null);
        reader.Check(KnownSettings.AllowedOrigins, text => SettingsReader.Items(text).FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong
            ? $"'{wrong}' is not allowed; allowed: {KnownSettings.AllowedOrigins.Allowed}." : null);
        return new DoorOptions
        {
            AllowedHosts = reader.Items(KnownSettings.AllowedHosts),
            AllowedOrigins = reader.Items(KnownSettings.AllowedOrigins),
        };
    }

    private static bool IsHost(string name) => name == "*" || Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) != UriHostNameType.Unknown;

    private static bool IsOrigin(string origin) => origin == "*"
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { PathAndQuery: "/", UserInfo: "" });
}
