using HybridConversations.Http.Doors;

namespace HybridConversations.Cli.Settings;

/// <summary>Who may speak to the server.</summary>
internal static class DoorSettings
{
    public static DoorOptions Read(SettingsReader reader, IReadOnlyList<string> urls)
    {
        reader.Check(KnownSettings.AllowedHosts, text => SettingsReader.Items(text).FirstOrDefault(name => !IsHost(name)) is { } wrong
            ? $"'{wrong}' is not allowed; allowed: {KnownSettings.AllowedHosts.Allowed}." : null);
        reader.Check(KnownSettings.AllowedOrigins, text => SettingsReader.Items(text).FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong
            ? $"'{wrong}' is not allowed; allowed: {KnownSettings.AllowedOrigins.Allowed}." : null);
        return new DoorOptions
        {
            AllowedHosts = reader.Items(KnownSettings.AllowedHosts),
            AllowedOrigins = reader.Items(KnownSettings.AllowedOrigins),
            Certificate = ReadCertificate(reader, urls),
        };
    }

    /// <summary>An address that is https needs a certificate, and a certificate an address.</summary>
    private static CertificateFiles? ReadCertificate(SettingsReader reader, IReadOnlyList<string> urls)
    {
        var (certificate, key) = (reader.Text(KnownSettings.HttpsCertificate), reader.Text(KnownSettings.HttpsKey));
        var secure = urls.FirstOrDefault(url => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        if (certificate is null != key is null)
        {
            reader.Wrong(certificate is null ? KnownSettings.HttpsKey : KnownSettings.HttpsCertificate, $"{KnownSettings.HttpsCertificate.Option} and {KnownSettings.HttpsKey.Option} belong together; one of them is missing.");
            return null;
        }

        if (certificate is null || key is null)
        {
            if (secure is not null)
            {
                reader.Wrong(KnownSettings.Urls, $"'{secure}' needs a certificate: give {KnownSettings.HttpsCertificate.Option} and {KnownSettings.HttpsKey.Option}, or listen on http behind a proxy that has one.");
            }

            return null;
        }

        if (secure is null)
        {
            reader.Wrong(KnownSettings.HttpsCertificate, $"no address of {KnownSettings.Urls.Option} begins with https://.");
        }

        var files = new CertificateFiles(Paths.Full(certificate), Paths.Full(key));
        if (files.Fault() is { } fault)
        {
            reader.Wrong(KnownSettings.HttpsCertificate, fault + ".");
        }

        return files;
    }

    private static bool IsHost(string name) => name == "*" || Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) != UriHostNameType.Unknown;

    private static bool IsOrigin(string origin) => origin == "*"
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { PathAndQuery: "/", UserInfo: "" });
}
