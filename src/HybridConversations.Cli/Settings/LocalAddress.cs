using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Cli.Settings;

/// <summary>This machine's own addresses and ports.</summary>
internal static class LocalAddress
{
    private const int PortsToTry = 100;
    private static readonly List<FileStream> Kept = [];

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

    /// <summary>The first port from <paramref name="first"/> on that nobody listens on and no other process of this machine has chosen; kept until this process ends.</summary>
    /// <exception cref="ProblemException">A hundred are taken.</exception>
    public static int ChoosePort(int first)
    {
        for (var port = first; port < first + PortsToTry; port++)
        {
            if (IsFree(port) && TryKeep(port))
            {
                return port;
            }
        }

        throw new ProblemException(ProblemCodes.InvalidRequest($"All ports from {first} to {first + PortsToTry - 1} are taken. Name free ones with --silo-port and --gateway-port."));
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Two processes that start together find the same port free; a locked file tells them apart until one of them listens.</summary>
    private static bool TryKeep(int port)
    {
        try
        {
            Kept.Add(new FileStream(Path.Combine(Path.GetTempPath(), $"hc-port-{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
