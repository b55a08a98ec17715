namespace HybridConversations.Escalations.Resilience;

/// <summary>So many calls at once, and so many that wait for their turn in order of arrival; one more is refused at once. Thread-safe.</summary>
internal sealed class ConcurrencyGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _queue = new();
    private readonly int _slots;
    private readonly int _maxQueued;
    private readonly TimeProvider _time;
    private int _free;

    public ConcurrencyGate(int slots, int maxQueued, TimeProvider time)
    {
        _slots = _free = slots;
        _maxQueued = maxQueued;
        _time = time;
    }

    /// <summary>Calls that hold a slot.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _slots - _free;
            }
        }
    }

    /// <summary>Calls that wait for a slot.</summary>
    public int Queued
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Takes a slot; false when the queue is full or <paramref name="maxWait"/> has passed. Whoever got true calls <see cref="Leave"/>.</summary>
    public async ValueTask<bool> Enter(TimeSpan maxWait, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }

            if (_queue.Count >= _maxQueued || maxWait <= TimeSpan.Zero)
            {
                return false;
            }

            place = _queue.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(maxWait, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            // A slot that was handed over in the same moment is kept.
            return !Withdraw(place);
        }
        catch (OperationCanceledException)
        {
            if (!Withdraw(place))
            {
                Leave();
            }

            throw;
        }
    }

    /// <summary>Gives the slot to whoever waits longest.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_queue.First is { } first)
            {
                _queue.RemoveFirst();
                first.Value.SetResult();
            }
            else
            {
                _free++;
            }
        }
    }

    /// <summary>False when the slot has been handed over already.</summary>
    private bool Withdraw(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return false;
            }

            _queue.Remove(place);
            return true;
        }
    }
}
