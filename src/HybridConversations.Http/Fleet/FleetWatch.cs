namespace HybridConversations.Http.Fleet;

/// <summary>
/// Looks at the fleet every two seconds and keeps the last quarter of an hour of every device, so that a page that is opened now can show what was before. One look serves all
/// who watch. Devices that are gone stay for an hour. Thread-safe.
/// </summary>
internal sealed partial class FleetWatch(IActors actors, Health.Readiness readiness, TimeProvider time, ILogger<FleetWatch> logger) : BackgroundService
{
    /// <summary>Samples of each device that are kept.</summary>
    public const int Kept = 450;

    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private const int MaxGone = 256;
    private static readonly TimeSpan KeepGone = TimeSpan.FromHours(1);
    private static readonly ConversationQuery Everything = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeviceTrack> _tracks = new(StringComparer.Ordinal);
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WatchedFleet _last = new(DateTimeOffset.UnixEpoch, 0, "The server is starting.", null, [], []);
    private int _watching;

    /// <summary>The newest look.</summary>
    public WatchedFleet Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Counts who watches; while someone does, changes of the conversations are told, too.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watching);
        return new Watcher(this);
    }

    /// <summary>How many watch.</summary>
    public int Watching => Volatile.Read(ref _watching);

    /// <summary>Waits for a look that is newer than <paramref name="version"/>.</summary>
    public async Task<WatchedFleet> After(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_last.Version > version)
                {
                    return _last;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The last minutes of one device or of all.</summary>
    public FleetHistory History(string? device, TimeSpan back, int points, IReadOnlyCollection<string> series)
    {
        lock (_lock)
        {
            var since = time.GetUtcNow() - back;
            return new FleetHistory([.. _tracks.Where(track => device is null || track.Key == device)
                .OrderBy(track => track.Key, StringComparer.Ordinal).Select(track => track.Value.From(since, points, series))]);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await Look(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Looks once.</summary>
    internal async Task Look(CancellationToken cancellationToken)
    {
        FleetView? view = null;
        string? problem = null, newest = null;
        try
        {
            if ((problem = readiness.Reason) is null)
            {
                view = await actors.Fleet.View(cancellationToken);
                newest = Watching > 0 ? await Newest(cancellationToken) : null;
            }
        }
        catch (ProblemException error)
        {
            problem = error.Problem.Detail;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNotSeen(error);
            problem = "The fleet could not be looked at; the log says why.";
        }

        Learn(view, problem, newest);
    }

    private async Task<string?> Newest(CancellationToken cancellationToken) =>
        (await actors.Archive.Find(Everything, null, 1, cancellationToken)).Conversations is [var newest, ..]
            ? $"{newest.Id} {newest.UpdatedAt.ToUnixTimeMilliseconds()} {newest.Turns} {newest.State}"
            : "";

    private void Learn(FleetView? view, string? problem, string? newest)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (view is not null)
            {
                foreach (var status in view.Devices)
                {
                    if (_tracks.TryGetValue(status.DeviceId, out var track))
                    {
                        track.Seen(status, now);
                    }
                    else
                    {
                        _tracks.Add(status.DeviceId, new DeviceTrack(status, now));
                    }
                }

                Forget(view, now);
            }

            _last = new WatchedFleet(
                now, _last.Version + 1, problem, newest ?? _last.Newest, [.. _tracks.OrderBy(track => track.Key, StringComparer.Ordinal).Select(track => track.Value.Look())],
                view?.Escalations ?? _last.Escalations);
            var told = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            told.SetResult();
        }
    }

    private void Forget(FleetView view, DateTimeOffset now)
    {
        var there = view.Devices.Select(device => device.DeviceId).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, track) in _tracks.Where(track => !there.Contains(track.Key)))
        {
            track.Missed(now);
        }

        var gone = _tracks.Where(track => !track.Value.IsThere).OrderByDescending(track => track.Value.At).ToList();
        foreach (var (id, _) in gone.Where((track, i) => i >= MaxGone || now - track.Value.At > KeepGone))
        {
            _tracks.Remove(id);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The fleet could not be looked at")]
    private partial void LogNotSeen(Exception error);

    private sealed class Watcher(FleetWatch watch) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref watch._watching);
            }
        }
    }
}
