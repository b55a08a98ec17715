namespace HybridConversations.Http.Streaming;

/// <summary>
/// Enumerates a stream while doing something else whenever it is slow. Disposing cancels it and waits until it has let go,
/// so that whoever left has freed the device before the request ends.
/// </summary>
internal sealed class PatientEnumerator<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<T> _items;
    private readonly TimeProvider _time;
    private Task<bool>? _pending;

    public PatientEnumerator(Func<CancellationToken, IAsyncEnumerable<T>> source, TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _items = source(_stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    public T Current => _items.Current;

    /// <summary>Waits for the next item, but no longer than <paramref name="patience"/>; the wait may be taken up again.</summary>
    public async ValueTask<Arrival> Next(TimeSpan patience)
    {
        if (_pending is null)
        {
            var next = _items.MoveNextAsync();
            if (next.IsCompleted)
            {
                return await next ? Arrival.Item : Arrival.End;
            }

            _pending = next.AsTask();
        }

        try
        {
            await ((Task)_pending).WaitAsync(patience, _time, _stop.Token);
        }
        catch (TimeoutException)
        {
            if (!_pending.IsCompleted)
            {
                return Arrival.NothingYet;
            }

            // It came, or failed, in the moment in which the patience ended.
        }

        var arrived = _pending;
        _pending = null;
        return await arrived ? Arrival.Item : Arrival.End;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_pending is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _items.DisposeAsync();
        _stop.Dispose();
    }
}

/// <summary>What came of waiting for an item.</summary>
internal enum Arrival
{
    Item,
    End,
    NothingYet,
}
