using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Cluster.Tests.Network;

/// <summary>A TCP proxy on this machine that holds back what comes from the server behind it.</summary>
internal sealed class SlowProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly int _port;
    private readonly Task _accepting;

    /// <param name="port">Of the server, on 127.0.0.1.</param>
    public SlowProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = Accept();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>What each piece of an answer waits before it is passed on.</summary>
    public TimeSpan Delay { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _connections.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(Copy(client.GetStream(), server.GetStream(), false), Copy(server.GetStream(), client.GetStream(), true));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // Either side left.
            }
        }
    }

    private async Task Copy(NetworkStream from, NetworkStream to, bool slowly)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (slowly && Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, _stop.Token);
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side left.
        }
    }
}
