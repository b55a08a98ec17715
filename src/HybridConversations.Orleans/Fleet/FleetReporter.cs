using HybridConversations.Fleet;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Escalations;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Tells the fleet how this silo is, once a period and as soon as its load changes, and brings home how the others are. Drains the silo before it stops.
/// </summary>
internal sealed partial class FleetReporter(
    FleetOptions options, FleetDirectory fleet, IGrainFactory grains, ILocalSiloDetails silo, CloudEndpoints endpoints, SiloDrain drain, TimeProvider time,
    ILogger<FleetReporter> logger, SiloDevice? device = null)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private Task _reporting = Task.CompletedTask;
    private long _number;
    private Task _retention = Task.CompletedTask;
    private bool _retentionStarted;
    private int _disposed;

    /// <summary>True when the fleet has heard of this silo.</summary>
    public bool HasJoined { get; private set; }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(FleetReporter), ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose()
    {
        // The container disposes it once for each service that it is registered as.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _stop.Cancel();
            _stop.Dispose();
            _news.Dispose();
        }
    }

    private Task Start(CancellationToken cancellationToken)
    {
        if (device is not null)
        {
            device.OnChanged = Wake;
        }

        drain.OnBegun = Wake;

        _reporting = Task.Run(Report, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        try
        {
            LogDraining(silo.Name, drain.Open);
            var left = await drain.Run(options.DrainTimeout, cancellationToken);
            LogDrained(silo.Name, left);
            await Task.WhenAny(_reporting, SayOnce(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // A stop that is not graceful.
        }

        await _stop.CancelAsync();
        await _reporting;
    }

    private void Wake()
    {
        lock (_news)
        {
            if (_news.CurrentCount == 0)
            {
                _news.Release();
            }
        }
    }

    private async Task Report()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var said = await SayOnce(_stop.Token);
                await WaitForNews(said);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogNotReported(error);
                await Task.Delay(options.ReportPeriod, time, CancellationToken.None);
            }
        }
    }

    private async Task<SiloReport> SayOnce(CancellationToken cancellationToken)
    {
        var report = new SiloReport
        {
            Silo = silo.SiloAddress,
            Name = silo.Name,
            Number = Interlocked.Increment(ref _number),
            Device = device?.Status(),
            Endpoints = drain.Begun ? [] : endpoints.Names,
            Escalations = endpoints.Reports(),
            Draining = drain.Begun,
            Wanted = fleet.Wanted(),
        };
        fleet.Learn(report);
        fleet.ReleaseReaders();
        var answer = await grains.GetGrain<IFleetGrain>(IFleetGrain.Key).Report(report).WaitAsync(options.LostAfter, time, cancellationToken);
        fleet.Learn(answer);
        HasJoined = true;
        if (options.Retention is not null && _retention.IsCompleted && !_retentionStarted)
        {
            _retention = StartRetention();
        }

        return report;
    }

    /// <summary>Apart from reporting: whoever waits for a sweep would be silent, and taken for lost.</summary>
    private async Task StartRetention()
    {
        try
        {
            await grains.GetGrain<IRetentionGrain>(IRetentionGrain.Key).Start();
            _retentionStarted = true;
        }
        catch (Exception error)
        {
            LogRetentionNotStarted(error); // the next report tries again
        }
    }

    /// <summary>Returns after a period, or as soon as something that others choose by is not as <paramref name="said"/>.</summary>
    private async Task WaitForNews(SiloReport said)
    {
        var started = time.GetTimestamp();
        var look = device is null && endpoints.Names.Count == 0 ? options.ReportPeriod : TimeSpan.FromTicks(Math.Min(LoadNews.LookEvery.Ticks, options.ReportPeriod.Ticks));
        while (time.GetElapsedTime(started) < options.ReportPeriod)
        {
            if (await _news.WaitAsync(look, _stop.Token)
                || (device is not null && said.Device is { } load && LoadNews.IsNews(device.Status(), load))
                || (endpoints.Names.Count > 0 && Differs(endpoints.Reports(), said.Escalations)))
            {
                return;
            }
        }
    }

    private static bool Differs(IReadOnlyList<EndpointReport> now, IReadOnlyList<EndpointReport> said) =>
        !now.Select(CanBeAsked).SequenceEqual(said.Select(CanBeAsked));

    private static (bool? Available, int Spent) CanBeAsked(EndpointReport report) => (report.Outlook?.Unavailable is null, report.Outlook?.Spent.Count ?? -1);

    [LoggerMessage(330, LogLevel.Warning, "The fleet could not be told how this silo is")]
    private partial void LogNotReported(Exception error);

    [LoggerMessage(331, LogLevel.Information, "Silo {Silo} drains; {Open} turns run")]
    private partial void LogDraining(string silo, int open);

    [LoggerMessage(333, LogLevel.Warning, "The sweep of unused conversations could not be started; the next report tries again")]
    private partial void LogRetentionNotStarted(Exception error);

    [LoggerMessage(332, LogLevel.Information, "Silo {Silo} is drained; {Left} turns were cut off")]
    private partial void LogDrained(string silo, int left);
}
