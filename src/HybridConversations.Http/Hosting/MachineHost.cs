using HybridConversations.Http.Health;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Http.Hosting;

/// <summary>Starts the machine when the server listens (so that a taken port is known before a model is loaded), and ends it after the last request. A machine that cannot start ends the server.</summary>
public sealed partial class MachineHost(
    Func<CancellationToken, Task<IMachine>> start, Readiness readiness, IHostApplicationLifetime lifetime, ILogger<MachineHost> logger,
    Func<CancellationToken, Task>? rehearse = null)
    : IActors, IHostedService, IDisposable
{
    /// <summary>What a machine that is still starting gets to give up.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _starting = Task.CompletedTask;
    private volatile IMachine? _machine;
    private CancellationTokenRegistration _beginStop;
    private bool _disposed;

    /// <summary>Why the machine did not start; null while nothing is wrong.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public IConversations Conversations => Machine.Conversations;

    /// <inheritdoc/>
    public IConversationArchive Archive => Machine.Archive;

    /// <inheritdoc/>
    public IDevice Device => Machine.Device;

    /// <inheritdoc/>
    public IFleet Fleet => Machine.Fleet;

    /// <inheritdoc/>
    public DateTimeOffset? HangingSince => _machine?.HangingSince;

    private IMachine Machine => _machine ?? throw new ProblemException(ProblemCodes.Unready(readiness.Reason ?? "The server is starting.", 1000));

    /// <summary>Completes when the machine has started, or has failed to.</summary>
    public Task Started => _starting;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(Start, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _starting.WaitAsync(StartLimit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what it starts may heed nobody
        if (Interlocked.Exchange(ref _machine, null) is { } machine)
        {
            await machine.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The container disposes it once for each service that it is registered as.
        if (!_disposed)
        {
            _disposed = true;
            _beginStop.Dispose();
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    private async Task Start()
    {
        try
        {
            var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(listening.SetResult);
            await listening.Task.WaitAsync(_stop.Token);
            _machine = await start(_stop.Token);
            _beginStop = lifetime.ApplicationStopping.Register(() => _machine?.BeginStop());
            _ = EndWhenBroken(_machine.Broken);
            if (rehearse is not null)
            {
                await rehearse(_stop.Token);
            }

            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                readiness.Ready();
                LogReady();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop while it was starting.
        }
        catch (Exception exception)
        {
            Failure = exception;
            readiness.NotReady(exception is ProblemException or BackendException ? exception.Message : "The model could not be loaded; the log says why.");
            lifetime.StopApplication();
        }
    }

    /// <summary>The process ends with a code that makes its supervisor start it anew.</summary>
    private async Task EndWhenBroken(Task<string> broken)
    {
        try
        {
            var why = await broken.WaitAsync(_stop.Token);
            Failure = new ProblemException(ProblemCodes.Unready(why, 1000));
            readiness.NotReady(why);
            LogBroken(why);
            lifetime.StopApplication();
        }
        catch (OperationCanceledException)
        {
            // It ended in order.
        }
    }

    [LoggerMessage(2, LogLevel.Critical, "{Why} The server ends.")]
    private partial void LogBroken(string why);

    [LoggerMessage(1, LogLevel.Information, "Ready.")]
    private partial void LogReady();
}
