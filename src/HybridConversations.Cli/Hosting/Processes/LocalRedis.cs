using System.Diagnostics;
using System.Globalization;
using HybridConversations.Cli.Settings;
using StackExchange.Redis;

namespace HybridConversations.Cli.Hosting.Processes;

/// <summary>
/// A redis-server of a fleet on one machine, on the loopback address, that syncs each write to its file. It outlives a fleet that is killed; the next one finds it by its
/// folder and goes on with it.
/// </summary>
internal sealed class LocalRedis : IAsyncDisposable
{
    private const string Name = "redis-server";
    private const int FirstPort = 6379;
    private const int ConnectMs = 2000;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private readonly ConnectionMultiplexer _connection;
    private readonly IServer _server;

    private LocalRedis(ConnectionMultiplexer connection) => (_connection, _server) = (connection, connection.GetServers()[0]);

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Endpoint => _server.EndPoint.ToString()!;

    /// <summary>redis-server on this machine; null when it is not in the PATH.</summary>
    public static string? FindProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);

    /// <param name="program">redis-server.</param>
    /// <param name="folder">Where its files are; made when missing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">It does not start.</exception>
    public static async Task<LocalRedis> Start(string program, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var (portFile, pidFile, log) = (Path.Combine(folder, "port"), Path.Combine(folder, "redis.pid"), Path.Combine(folder, "redis.log"));
        int port;
        if (Runs(pidFile) && File.Exists(portFile))
        {
            // Never a second one over the same files.
            port = int.Parse(await File.ReadAllTextAsync(portFile, cancellationToken), CultureInfo.InvariantCulture);
        }
        else
        {
            port = LocalAddress.ChoosePort(FirstPort);
            await File.WriteAllTextAsync(portFile, port.ToString(CultureInfo.InvariantCulture), cancellationToken);

            // As a daemon, so that the terminal's Ctrl-C does not end it before those who still write to it.
            string[] arguments =
            [
                "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction",
                "--daemonize", "yes", "--pidfile", pidFile, "--logfile", log,
            ];
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
            await process.WaitForExitAsync(cancellationToken);
        }

        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < StartLimit)
        {
            if (await Connect(port, pidFile) is { } connection)
            {
                return new LocalRedis(connection);
            }

            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
        }

        throw new ProblemException(ProblemCodes.Unready($"{program} did not start within {StartLimit.TotalSeconds:0} s; {log} says why.", 1000));
    }

    /// <summary>Has it end in order; what it was given is in its file.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _server.Shutdown();
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            // It is gone already.
        }

        await _connection.DisposeAsync();
    }

    /// <summary>The server of this file was started and has not ended.</summary>
    private static bool Runs(string pidFile)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture));
            return process.ProcessName.StartsWith(Name, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <returns>Null unless the server at this port is the one of <paramref name="pidFile"/> and has read its files.</returns>
    private static async Task<ConnectionMultiplexer?> Connect(int port, string pidFile)
    {
        ConnectionMultiplexer? connection = null;
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { "127.0.0.1", port } }, AllowAdmin = true, ConnectTimeout = ConnectMs, ConnectRetry = 1 });
            var server = connection.GetServers()[0];
            await connection.GetDatabase().KeyExistsAsync("any"); // refused while it reads its files
            if ((await server.ConfigGetAsync("pidfile")).FirstOrDefault().Value == pidFile)
            {
                return connection;
            }
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            // Not there, not ready, or somebody else's.
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        return null;
    }
}
