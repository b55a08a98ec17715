using System.Runtime.CompilerServices;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Escalations.Bridging;

/// <summary>One thing to pass on: an event of the cloud, or a phrase to speak until the first one comes.</summary>
/// <param name="Event">Null for a phrase.</param>
/// <param name="Phrase">For a <see cref="ReplyBridge"/>; never part of the reply or of the history.</param>
public readonly record struct Bridged(EscalationEvent? Event, string? Phrase);

/// <summary>Lays a bridge over the time that the cloud thinks, for voices only. Thread-safe.</summary>
public sealed class Bridge
{
    private readonly BridgeOptions _options;
    private readonly BridgePhrases _phrases;
    private readonly TimeProvider _time;

    /// <summary>Throws <see cref="ProblemException"/> with every error of the options.</summary>
    public Bridge(BridgeOptions options, TimeProvider? time = null)
    {
        CloudOptionsValidator.ThrowAny(options.Errors());
        _options = options;
        _phrases = new BridgePhrases(options);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>
    /// The cloud's events as they come, and before the first of them a phrase whenever the time for one has passed. Passes the cloud's exceptions
    /// through. Where the bridge is off, or the turn is no voice, only the events.
    /// </summary>
    public async IAsyncEnumerable<Bridged> Over(
        IAsyncEnumerable<EscalationEvent> cloud, Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = cloud.GetAsyncEnumerator(left.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            if (_options.Enabled && turn.Priority == TurnPriority.Voice)
            {
                for (var i = 0; i < _options.MaxPhrases && !await Arrives(next, i == 0 ? _options.AfterMs : _options.RepeatMs); i++)
                {
                    yield return new Bridged(null, _phrases.Pick(turn.TurnId, i));
                }
            }

            while (await next)
            {
                yield return new Bridged(events.Current, null);
                next = events.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // Whoever stops listening at a phrase leaves a call under way: it has to end before it can be disposed.
            if (!next.IsCompleted)
            {
                await left.CancelAsync();
                await Quietly(next);
            }
        }
    }

    /// <summary>True as soon as the task has ended, in whatever way; false after the time.</summary>
    private async Task<bool> Arrives(Task task, int milliseconds)
    {
        if (task.IsCompleted)
        {
            return true;
        }

        using var stop = new CancellationTokenSource();
        var ended = await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _time, stop.Token));
        await stop.CancelAsync();
        return ended == task;
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or ProblemException)
        {
            // No one is left to tell.
        }
    }
}
