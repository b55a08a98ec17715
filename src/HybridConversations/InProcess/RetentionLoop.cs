using HybridConversations.Conversations.Forgetting;
using Microsoft.Extensions.Logging;

namespace HybridConversations.InProcess;

/// <summary>Sweeps the conversations of one machine: soon after its start, then once a period; between two slices it lets others go first.</summary>
public sealed partial class RetentionLoop : IAsyncDisposable
{
    private static readonly TimeSpan FirstDue = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _loop;

    /// <param name="sweep">What it does.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of a sweep that failed.</param>
    public RetentionLoop(RetentionSweep sweep, TimeProvider time, ILogger<RetentionLoop> logger)
    {
        (_time, _logger) = (time, logger);
        _loop = Task.Run(() => Run(sweep));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task Run(RetentionSweep sweep)
    {
        for (var wait = FirstDue; await Waits(wait);)
        {
            try
            {
                wait = (await sweep.Slice(_stop.Token)).More ? Rest : Period;
            }
            catch (Exception error) when (!_stop.IsCancellationRequested)
            {
                LogFailed(error);
                wait = Period;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<bool> Waits(TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, _time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(212, LogLevel.Warning, "Conversations to forget could not be looked for")]
    private partial void LogFailed(Exception error);
}
