using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Cli.Settings;

/// <summary>Where the server listens.</summary>
internal static class ListenUrls
{
    public const string Default = "http://127.0.0.1:5080";

    public static IReadOnlyList<string> Read(SettingsReader reader)
    {
        reader.Check(KnownSettings.Urls, Fault);
        return [.. SettingsReader.Items(reader.Text(KnownSettings.Urls) ?? Default).SelectMany(ByAddress)];
    }

    /// <summary>A name stands for its addresses: to a web server any name but localhost would mean every address there is.</summary>
    private static IEnumerable<string> ByAddress(string url) => NameIn(url) is { } name && Addresses(name) is { Length: > 0 } addresses
        ? addresses.Select(address => url.Replace($"//{name}", $"//{(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address)}", StringComparison.OrdinalIgnoreCase))
        : [url];

    /// <summary>The host of an address where it is a name that must be looked up.</summary>
    private static string? NameIn(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.HostNameType == UriHostNameType.Dns && uri.Host != "localhost" ? uri.Host : null;

    private static IPAddress[] Addresses(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>What is wrong with addresses; null for nothing.</summary>
    public static string? Fault(string text)
    {
        var urls = SettingsReader.Items(text);
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

            if (NameIn(url) is { } name && Addresses(name).Length == 0)
            {
                return $"'{url}': the name '{name}' has no address. Name an address of this machine, or 0.0.0.0 for all of them.";
            }
        }

        return null;
    }
}
