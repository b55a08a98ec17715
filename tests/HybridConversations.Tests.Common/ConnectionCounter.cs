using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Tests.Common;

/// <summary>
/// A raw socket in the place of a cloud endpoint: counts every connection and byte, and answers nothing. A test of private turns gives its address
/// as the cloud and finds <see cref="Connections"/> still 0 at the end.
/// </summary>
public sealed class ConnectionCounter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _open = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _accepting;
    private int _connections;
    private long _bytes;

    public ConnectionCounter()
    {
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Connections that were ever opened.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that were ever received.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary><c>http://127.0.0.1:PORT/v1/</c>.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{Port}/v1/");

    /// <summary>The same, for a client that begins with TLS and will wait for an answer to its hello.</summary>
    public Uri TlsAddress => new($"https://127.0.0.1:{Port}/v1/");

    /// <summary>Completes when one more connection has come.</summary>
    public async Task WaitForConnection() => await _arrived.WaitAsync().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        lock (_open)
        {
            foreach (var socket in _open)
            {
                socket.Dispose();
            }
        }

        _listener.Dispose();
        _stop.Dispose();
        _arrived.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                lock (_open)
                {
                    _open.Add(socket);
                }

                _ = Count(socket);
                _arrived.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task Count(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token)) > 0)
            {
                Interlocked.Add(ref _bytes, read);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client left, or the counter was disposed.
        }
    }
}
