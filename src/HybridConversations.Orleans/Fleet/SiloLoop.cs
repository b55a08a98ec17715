namespace HybridConversations.Orleans.Fleet;

/// <summary>Something that a silo looks after once a period, from when it takes calls until it stops.</summary>
/// <param name="period">Between the end of a look and the next.</param>
/// <param name="time">Clock of the period.</param>
internal abstract class SiloLoop(TimeSpan period, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private int _disposed;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(GetType().Name, ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose()
    {
        // The container disposes it once for each service that it is registered as.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

    /// <summary>One look; never throws.</summary>
    protected abstract Task Look(CancellationToken stop);

    private Task Start(CancellationToken cancellationToken)
    {
        _loop = Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Look(_stop.Token);
            await Task.Delay(period, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
