using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>A redis-server of this test's own, that syncs each write to its file.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hc-redis-");
    private readonly string _arguments;
    private Process _process;
    private bool _ended;

    private RedisServer(string arguments)
    {
        Port = FreePort();
        _arguments = $"--port {Port} --bind 127.0.0.1 --appendonly yes --appendfsync always --save \"\" --dir {_folder.FullName} {arguments}";
        _process = Launch();
    }

    private const int FirstPort = 15_000;
    private const int Ports = 15_000;
    private static int _ports = Environment.ProcessId % Ports;

    public static bool IsHere { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public int Port { get; }
    public string Endpoint => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> Start(string arguments = "")
    {
        Skip.IfNot(IsHere, "redis-server is not here (apt-get install redis-server)");
        var redis = new RedisServer(arguments);
        try
        {
            await redis.Listens();
            return redis;
        }
        catch
        {
            redis.Dispose();
            throw;
        }
    }

    /// <summary>Kills it as a power cut would, and starts it again over its file.</summary>
    public async Task Restart()
    {
        Stop();
        await StartAgain();
    }

    /// <summary>Kills it as a power cut would.</summary>
    public void Stop() => End();

    /// <summary>Starts it over its file.</summary>
    public Task StartAgain()
    {
        (_process, _ended) = (Launch(), false);
        return Listens();
    }

    public void Dispose()
    {
        End();
        if (_folder.Exists)
        {
            _folder.Delete(true);
        }
    }

    /// <summary>A port that nobody has now. Below those that outgoing connections get: one of those may take a port before whoever it was meant for listens.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref _ports) % Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    private Process Launch() => Process.Start(new ProcessStartInfo("redis-server", _arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;

    private void End()
    {
        if (_ended)
        {
            return;
        }

        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _ended = true;
    }

    private Task Listens() => Eventually.Holds(
        async () =>
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        () => "redis-server listens");
}
