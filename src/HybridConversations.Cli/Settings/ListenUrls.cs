namespace HybridConversations.Cli.Settings;

/// <summary>Where the server listens.</summary>
internal static class ListenUrls
{
    public const string Default = "http://127.0.0.1:5080";
    private static readonly char[] Separators = [';', ','];

    public static IReadOnlyList<string> Read(SettingsReader reader)
    {
        reader.Check(KnownSettings.Urls, Fault);
        return Split(reader.Text(KnownSettings.Urls) ?? Default);
    }

    private static string[] Split(string text) => text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Fault(string text)
    {
        var urls = Split(text);
        if (urls.Length == 0)
        {
            return $"no address is given; allowed: {KnownSettings.Urls.Allowed}.";
        }

        foreach (var url in urls)
        {
            // * and + stand for every address of the machine, which a Uri does not know.
            var host = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(host, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/" || uri.Query.Length > 0)
            {
                return $"'{url}' is not allowed; allowed: {KnownSettings.Urls.Allowed}.";
            }

            if (uri.Scheme == "https")
            {
                return $"'{url}': https is not served here. Listen on http and put a reverse proxy with the certificate in front.";
            }
        }

        return null;
    }
}
