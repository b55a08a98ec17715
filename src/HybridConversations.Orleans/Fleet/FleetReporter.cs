using HybridConversations.Fleet;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Grains;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Tells the fleet how this silo is, once a period and as soon as its load changes, and brings home how the others are. Drains the device before the silo stops.
/// </summary>
internal sealed partial class FleetReporter(
    FleetOptions options, FleetDirectory fleet, IGrainFactory grains, ILocalSiloDetails silo, CloudEndpoints endpoints, SuspectProbe suspects, TimeProvider time,
    ILogger<FleetReporter> logger, SiloDevice? device = null)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private Task _reporting = Task.CompletedTask;
    private long _number;
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

        _reporting = Task.Run(Report, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        if (device is not null)
        {
            try
            {
                LogDraining(device.Id, device.Open);
                var left = await device.Drain(options.DrainTimeout, cancellationToken);
                LogDrained(device.Id, left);
                await Task.WhenAny(_reporting, SayOnce(cancellationToken));
            }
            catch (OperationCanceledException)
            {
                // A stop that is not graceful.
            }
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

    private async Task<DeviceStatus?> SayOnce(CancellationToken cancellationToken)
    {
        var report = new SiloReport
        {
            Silo = silo.SiloAddress,
            Name = silo.Name,
            Number = Interlocked.Increment(ref _number),
            Device = device?.Status(),
            Endpoints = endpoints.Names,
        };
        fleet.Learn(report);
        fleet.ReleaseReaders();
        suspects.Begin();
        var answer = await grains.GetGrain<IFleetGrain>(IFleetGrain.Key).Report(report).WaitAsync(options.LostAfter, time, cancellationToken);
        fleet.Learn(answer);
        HasJoined = true;
        if (options.Retention is not null && !_retentionStarted)
        {
            await grains.GetGrain<IRetentionGrain>(IRetentionGrain.Key).Start();
            _retentionStarted = true;
        }

        return report.Device;
    }

    /// <summary>Returns after a period, or as soon as the device's load is another one than <paramref name="said"/>.</summary>
    private async Task WaitForNews(DeviceStatus? said)
    {
        var started = time.GetTimestamp();
        var look = device is null ? options.ReportPeriod : TimeSpan.FromTicks(Math.Min(LoadNews.LookEvery.Ticks, options.ReportPeriod.Ticks));
        while (time.GetElapsedTime(started) < options.ReportPeriod)
        {
            if (await _news.WaitAsync(look, _stop.Token) || (device is not null && said is not null && LoadNews.IsNews(device.Status(), said)))
            {
                return;
            }
        }
    }

    [LoggerMessage(330, LogLevel.Warning, "The fleet could not be told how this silo is")]
    private partial void LogNotReported(Exception error);

    [LoggerMessage(331, LogLevel.Information, "Device {Device} drains; {Open} turns run")]
    private partial void LogDraining(string device, int open);

    [LoggerMessage(332, LogLevel.Information, "Device {Device} is drained; {Left} turns were cut off")]
    private partial void LogDrained(string device, int left);
}
