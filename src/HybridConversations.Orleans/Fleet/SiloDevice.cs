using System.Runtime.CompilerServices;

namespace HybridConversations.Orleans.Fleet;

/// <summary>The device of this silo: whatever answers, and whether it still takes turns. Thread-safe.</summary>
internal sealed class SiloDevice(string id, IDevice device, ILocalSiloDetails silo, TimeProvider time) : IDevice
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private volatile bool _draining;
    private int _open;

    public string Id { get; } = id;
    public SiloAddress Silo => silo.SiloAddress;

    /// <summary>Set while it takes no new turns.</summary>
    public bool Draining => _draining;

    /// <summary>Generations that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Called when its state has changed.</summary>
    public Action? OnChanged { get; set; }

    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Whoever has left counts no more, also when nobody is there to end the stream.
        var open = new OpenGeneration(this);
        await using var left = cancellationToken.UnsafeRegister(static open => ((OpenGeneration)open!).Dispose(), open);
        try
        {
            if (_draining)
            {
                throw new ProblemException(new Problem(ProblemCodes.Stopping, 503, "The device does not take requests.",
                    $"Device '{Id}' is being drained. Send the same turn again; another device answers it.", Retryable: true, RetryAfterMs: 200));
            }

            await foreach (var e in device.Generate(request, cancellationToken))
            {
                yield return e;
            }
        }
        finally
        {
            open.Dispose();
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => device.Listen(draft, speculate, cancellationToken);

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => device.Forget(conversationId, cancellationToken);

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

    private sealed class OpenGeneration : IDisposable
    {
        private readonly SiloDevice _device;
        private int _ended;

        public OpenGeneration(SiloDevice device)
        {
            _device = device;
            Interlocked.Increment(ref device._open);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref _device._open);
            }
        }
    }
}
