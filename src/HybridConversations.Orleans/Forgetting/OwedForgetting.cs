using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Forgetting;

/// <summary>
/// A device looks what it still has to forget as soon as it has joined, before it is given turns, and every half minute: it may have been off, or out of reach, when
/// a conversation was deleted.
/// </summary>
internal sealed partial class OwedForgetting(SiloDevice device, IHolders holders, TimeProvider time, ILogger<OwedForgetting> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int Batch = 100;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private int _disposed;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(OwedForgetting), ServiceLifecycleStage.Active, Start, Stop);

    public void Dispose()
    {
        // The container disposes it once for each service that it is registered as.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }

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
            try
            {
                await Settle();
            }
            catch (Exception error)
            {
                LogNotSettled(error, device.Id);
            }

            await Task.Delay(Period, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Settle()
    {
        var forgotten = 0;
        for (var more = true; more && !_stop.IsCancellationRequested;)
        {
            var owed = await holders.OwedBy(device.Id, Batch);
            var done = 0;
            foreach (var conversation in owed)
            {
                done += await Settle(conversation) ? 1 : 0;
            }

            forgotten += done;
            more = done == Batch;
        }

        if (forgotten > 0)
        {
            LogSettled(device.Id, forgotten);
        }
    }

    /// <summary>One that cannot be forgotten keeps no other.</summary>
    private async Task<bool> Settle(string conversation)
    {
        try
        {
            await device.Forget(conversation, _stop.Token);
            await holders.Settle(conversation, device.Id);
            return true;
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            LogStillOwed(error, device.Id, conversation);
            return false;
        }
    }

    [LoggerMessage(374, LogLevel.Warning, "Device {Device} could not forget conversation {Conversation}; it tries again")]
    private partial void LogStillOwed(Exception error, string device, string conversation);

    [LoggerMessage(372, LogLevel.Information, "Device {Device} has forgotten {Count} conversations that were deleted while it was away")]
    private partial void LogSettled(string device, int count);

    [LoggerMessage(373, LogLevel.Warning, "What device {Device} has to forget could not be looked up; it tries again")]
    private partial void LogNotSettled(Exception error, string device);
}
