using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Storage;
using HybridConversations.Orleans.Streams;

namespace HybridConversations.Orleans.Fleet;

/// <summary>The device of this silo: whatever answers, and whether it still takes turns. Thread-safe.</summary>
internal sealed class SiloDevice(string id, IDevice device, ILocalSiloDetails silo, IHolders holders, TimeProvider time) : IDevice
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private const int MaxNoted = 100_000;

    // Conversations of which it is on record that this device holds something.
    private readonly ConcurrentDictionary<string, bool> _noted = new(StringComparer.Ordinal);
    private readonly OpenCount _open = new();
    private volatile bool _draining;

    public string Id { get; } = id;
    public SiloAddress Silo => silo.SiloAddress;

    /// <summary>Set while it takes no new turns.</summary>
    public bool Draining => _draining;

    /// <summary>Generations that are open.</summary>
    public int Open => _open.Value;

    /// <summary>Called when its state has changed.</summary>
    public Action? OnChanged { get; set; }

    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var open = _open.Enter(cancellationToken);
        if (_draining)
        {
            throw new ProblemException(new Problem(ProblemCodes.Stopping, 503,
                $"Device '{Id}' is being drained. Send the same turn again; another device answers it.", Retryable: true, RetryAfterMs: 200));
        }

        await Note(request.ConversationId);
        await foreach (var e in device.Generate(request, cancellationToken))
        {
            yield return e;
        }
    }

    public async Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default)
    {
        await Note(draft.ConversationId);
        await device.Listen(draft, speculate, cancellationToken);
    }

    public Task Forget(string conversationId, CancellationToken cancellationToken = default)
    {
        _noted.TryRemove(conversationId, out _);
        return device.Forget(conversationId, cancellationToken);
    }

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => new(Status());

    /// <summary>Never waits behind inference, so it is there at once.</summary>
    public DeviceStatus Status()
    {
        var status = device.Status();
        var known = status.IsCompleted ? status.Result : status.AsTask().GetAwaiter().GetResult();
        return known with { DeviceId = Id, State = _draining && known.State == DeviceState.Ready ? DeviceState.Draining : known.State };
    }

    /// <summary>Takes no new turns, and returns when those that run have ended or <paramref name="limit"/> is over.</summary>
    /// <returns>Turns that still run.</returns>
    public async Task<int> Drain(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_draining)
        {
            _draining = true;
            OnChanged?.Invoke();
        }

        var started = time.GetTimestamp();
        while (Open > 0 && time.GetElapsedTime(started) < limit)
        {
            await Task.Delay(Poll, time, cancellationToken);
        }

        return Open;
    }

    /// <summary>Before the device is shown a word, it is on record that it must be asked to forget it. Once for each conversation.</summary>
    private async ValueTask Note(string? conversationId)
    {
        if (conversationId is null || _noted.ContainsKey(conversationId))
        {
            return;
        }

        try
        {
            await holders.Add(conversationId, Id);
        }
        catch (Exception error) when (error is not ProblemException)
        {
            throw new ProblemException(
                ProblemCodes.Unstored(
                    $"That device '{Id}' holds the conversation could not be put on record. Check that Redis runs and can be reached, then send the same request again.",
                    retryAfterMs: 2000),
                error);
        }

        if (_noted.Count >= MaxNoted)
        {
            _noted.Clear();
        }

        _noted[conversationId] = true;
    }
}
