using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Silo.Settings;

/// <summary>This machine's own addresses and ports.</summary>
internal static class LocalAddress
{
    private const int PortsToTry = 100;

    /// <summary>The address from which a packet to <paramref name="endpoint"/> (HOST:PORT) would be sent; null when there is none. Sends nothing.</summary>
    public static IPAddress? Towards(string endpoint)
    {
        try
        {
            var colon = endpoint.LastIndexOf(':');
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(endpoint[..colon].Trim(), int.Parse(endpoint.AsSpan(colon + 1)));
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (Exception error) when (error is SocketException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The first port from <paramref name="first"/> on that nobody listens on.</summary>
    /// <exception cref="ProblemException">A hundred are taken.</exception>
    public static int FreePort(int first)
    {
        for (var port = first; port < first + PortsToTry; port++)
        {
            try
            {
                using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // The next one, then.
            }
        }

        throw new ProblemException(ProblemCodes.InvalidRequest($"All ports from {first} to {first + PortsToTry - 1} are taken. Name free ones with --silo-port and --gateway-port."));
    }
}
