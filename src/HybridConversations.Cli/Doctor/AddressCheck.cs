using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Cli.Doctor;

/// <summary>Is the address that <c>hc serve</c> would listen on free?</summary>
internal static class AddressCheck
{
    public static Finding Examine(string url)
    {
        const string Subject = "address";
        if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri))
        {
            return Finding.Note(Subject, $"{url} is no address", "Give one with --urls http://ADDRESS:PORT.");
        }

        var address = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var given) ? given : IPAddress.Loopback;
        try
        {
            using var listener = new TcpListener(address, uri.Port);
            listener.Start();
            listener.Stop();
            return Finding.Ok(Subject, $"{url} is free");
        }
        catch (SocketException exception)
        {
            return Finding.Note(Subject, $"{url} cannot be listened on: {exception.Message}", "Perhaps a server runs there already. Otherwise choose another with --urls http://127.0.0.1:PORT.");
        }
    }
}
