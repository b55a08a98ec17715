using HybridConversations.Cli.Settings;
using HybridConversations.Storage;

namespace HybridConversations.Cli.Hosting.Processes;

/// <summary>
/// A whole fleet on this machine, each device and the gateway a process of its own, with a Redis where none was given. Ends in the order that loses nothing: the gateway
/// takes no new turns and ends those that run, then the devices leave, then Redis.
/// </summary>
internal sealed class FleetProcesses : IAsyncDisposable
{
    /// <summary>What a process gets beside the time for its turns: twice those (HTTP, then the silo) and 15 s are its own limits.</summary>
    private static readonly TimeSpan LeaveSlack = TimeSpan.FromSeconds(20);

    private readonly DataFolderLock _lock;
    private readonly ProcessRecord _record;
    private readonly FleetStartSettings _settings;
    private readonly Action<string, string> _log;
    private readonly List<FleetMember> _devices = [];
    private FleetMember? _gateway;
    private LocalRedis? _redis;

    private FleetProcesses(FleetStartSettings settings, DataFolderLock held, Action<string, string> log)
    {
        (_settings, _lock, _log) = (settings, held, log);
        _record = new ProcessRecord(Path.Combine(settings.DataFolder, "processes"));
    }

    /// <summary><c>HOST:PORT</c> of the fleet's Redis.</summary>
    public string Redis => _settings.Redis ?? _redis!.Endpoint;

    /// <summary>Where the gateway listens.</summary>
    public Uri Address { get; private set; } = new(ListenUrls.Default);

    /// <summary>Where each device listens, by its id.</summary>
    public IReadOnlyDictionary<string, Uri> Devices { get; private set; } = new Dictionary<string, Uri>();

    /// <summary>Every process has ended for good.</summary>
    public Task Ended => Task.WhenAll([.. _devices.Select(device => device.Gone), _gateway?.Gone ?? Task.CompletedTask]);

    /// <summary>Returns when every process takes turns.</summary>
    /// <param name="settings">How it is set up.</param>
    /// <param name="log">Takes what a process (its name first) writes to its log, and what happens to it.</param>
    /// <param name="cancellationToken">Gives up, and ends what was started.</param>
    /// <exception cref="ProblemException">There is no Redis, another fleet uses the folder, or a process does not start.</exception>
    public static async Task<FleetProcesses> Start(FleetStartSettings settings, Action<string, string> log, CancellationToken cancellationToken)
    {
        var redis = settings.Redis is null ? LocalRedis.FindProgram() ?? throw new ProblemException(ProblemCodes.InvalidRequest(
            $"A fleet needs Redis, and redis-server is not in the PATH. Install it (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install redis; macOS: brew install redis), or say where one is: {FleetSettings.Redis.Option} HOST:PORT.")) : null;
        var fleet = new FleetProcesses(settings, DataFolderLock.Acquire(settings.DataFolder), log);
        try
        {
            await fleet.Begin(redis, cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_gateway?.Leave() ?? Task.CompletedTask);
        await Task.WhenAll(_devices.Select(device => device.Leave()));
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _lock.Dispose();
    }

    private async Task Begin(string? redis, CancellationToken cancellationToken)
    {
        if (redis is not null)
        {
            _redis = await LocalRedis.Start(redis, Path.Combine(_settings.DataFolder, "redis"), cancellationToken);
        }

        if (await _record.Clear(LeaveLimit, cancellationToken) is > 0 and var left)
        {
            _log("fleet", $"{left} processes of a fleet that was killed have ended first.");
        }

        for (var number = 0; number < _settings.Devices; number++)
        {
            var id = FleetStartSettings.DeviceId(number);
            _devices.Add(Member(id, [FleetSettings.Device.Option, id, KnownSettings.Data.Option, _settings.DataFolder, KnownSettings.Urls.Option, "http://127.0.0.1:0", .. _settings.ForDevices]));
        }

        _gateway = Member("gateway", [FleetSettings.NoDevice.Option, KnownSettings.Urls.Option, _settings.Urls]);
        var addresses = Task.WhenAll(_devices.Select(device => device.Ready(cancellationToken)));
        Address = await _gateway.Ready(cancellationToken);
        Devices = _devices.Zip(await addresses).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    private TimeSpan LeaveLimit => (2 * _settings.DrainTimeout) + LeaveSlack;

    private FleetMember Member(string name, IEnumerable<string> own)
    {
        string[] arguments =
        [
            "join", .. own, FleetSettings.Redis.Option, Redis, FleetSettings.Address.Option, "127.0.0.1", FleetSettings.StopWithInput.Option, "on", .. _settings.ForAll,
        ];
        return new FleetMember(name, Launch, what => _log("fleet", what), LeaveLimit);

        FleetProcess Launch()
        {
            var process = new FleetProcess(arguments, line => _log(name, line));
            if (process.Mark is { } mark)
            {
                _record.Add(mark);
            }

            return process;
        }
    }
}
