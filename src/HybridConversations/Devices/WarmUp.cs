using System.Diagnostics;
using HybridConversations.Inference.Engine;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Devices;

/// <summary>
/// Makes a device ready before its first turn: a computation that nobody sees, the system prompts that it is known to be asked for, then the latest conversations.
/// Everything behind turns that come meanwhile. Disposing ends it.
/// </summary>
public sealed partial class WarmUp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly CancellationTokenSource _stop;
    private readonly ILogger _logger;
    private readonly Task _all;
    private readonly TaskCompletionSource _prompts = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WarmUp(InferenceEngine engine, IReadOnlyList<int[]> pinned, TimeProvider time, ILogger logger)
    {
        _stop = new CancellationTokenSource(Longest, time);
        _logger = logger;
        _all = Run(engine, pinned);
    }

    /// <summary>Completes when the system prompts are ready, or when it ended before; never fails.</summary>
    public Task Prompts => _prompts.Task;

    /// <summary>Completes when all is done, or when it ended before; never fails.</summary>
    public Task All => _all;

    /// <summary>Waits for <see cref="Prompts"/>, but not longer than anyone who starts a server would: a slow device is ready before it, and goes on behind the turns.</summary>
    /// <exception cref="OperationCanceledException">Asked to.</exception>
    public async Task WaitAWhile(CancellationToken cancellationToken)
    {
        await Prompts.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    internal static WarmUp Start(InferenceEngine engine, IReadOnlyList<int[]> pinned, TimeProvider time, ILogger logger) => new(engine, pinned, time, logger);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _all;
        _stop.Dispose();
    }

    private async Task Run(InferenceEngine engine, IReadOnlyList<int[]> pinned)
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            var warm = await engine.WarmPrefixesAsync(pinned, _stop.Token);
            LogPrompts(warm.Count, warm.Tokens, warm.ReadTokens, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            _prompts.TrySetResult();
            var (conversations, bytes) = await engine.WarmConversationsAsync(_stop.Token);
            LogConversations(conversations, bytes >> 20);
        }
        catch (OperationCanceledException)
        {
            // It took too long, or the device is stopping.
        }
        catch (Exception error)
        {
            LogFailed(error);
        }
        finally
        {
            _prompts.TrySetResult();
        }
    }

    [LoggerMessage(60, LogLevel.Information, "{Count} shared beginnings of prompts are ready: {Tokens} tokens, {Read} of them read and the rest from disk, in {Milliseconds:0} ms.")]
    private partial void LogPrompts(int count, int tokens, int read, double milliseconds);

    [LoggerMessage(61, LogLevel.Information, "The KV of the {Count} latest conversations is in host memory ({Megabytes} MiB).")]
    private partial void LogConversations(int count, long megabytes);

    [LoggerMessage(62, LogLevel.Warning, "The device could not be warmed up; first turns will be slower.")]
    private partial void LogFailed(Exception error);
}
