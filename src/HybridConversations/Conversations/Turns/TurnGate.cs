namespace HybridConversations.Conversations;

/// <summary>
/// Lets one at a time into a conversation: a turn (<see cref="TurnRun"/>), or a short operation on the history (any other object). Turns are refused, or end the
/// turns ahead of them and wait, as they demand; operations that meet operations wait. First come, first served.
/// </summary>
internal sealed class TurnGate(int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private object? _holder;
    private long _version;

    /// <summary>The turn that runs; null when none does.</summary>
    public TurnRun? Running
    {
        get
        {
            lock (_lock)
            {
                return _holder as TurnRun;
            }
        }
    }

    public bool IsFree
    {
        get
        {
            lock (_lock)
            {
                return _holder is null;
            }
        }
    }

    /// <summary>Changes whenever someone enters or leaves.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <param name="entrant">Who wants to enter; leaves with the same object.</param>
    /// <param name="demand">How each turn ahead shall end; null for a turn that must not be ended: the entrant is refused then.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ProblemException"><c>turn-in-progress</c>, or <c>overloaded</c> when too many wait.</exception>
    public async ValueTask Enter(object entrant, Func<TurnRun, StopRequest?> demand, CancellationToken cancellationToken)
    {
        Waiter waiter;
        var stops = new List<(TurnRun Turn, StopRequest Stop)>();
        lock (_lock)
        {
            if (_holder is null)
            {
                _holder = entrant;
                _version++;
                return;
            }

            foreach (var ahead in _waiting.Select(w => w.Entrant).Prepend(_holder).OfType<TurnRun>())
            {
                stops.Add((ahead, demand(ahead) ?? throw new ProblemException(ProblemCodes.Busy(ahead.TurnId))));
            }

            if (_waiting.Count >= maxWaiting)
            {
                throw new ProblemException(ProblemCodes.Overload($"{maxWaiting} requests wait for this conversation already.", 1000));
            }

            waiter = new Waiter(entrant);
            waiter.Node = _waiting.AddLast(waiter);
        }

        stops.ForEach(stop => stop.Turn.RequestStop(stop.Stop));
        await using (cancellationToken.UnsafeRegister(GiveUp, (this, waiter, cancellationToken)))
        {
            await waiter.Admitted.Task;
        }
    }

    public void Leave(object holder)
    {
        Waiter? next;
        lock (_lock)
        {
            if (!ReferenceEquals(_holder, holder))
            {
                throw new InvalidOperationException("Whoever leaves a conversation must have entered it.");
            }

            next = _waiting.First?.Value;
            _holder = next?.Entrant;
            _version += 2;
            if (next is not null)
            {
                _waiting.Remove(next.Node!);
            }
        }

        next?.Admitted.SetResult();
    }

    private static void GiveUp(object? state)
    {
        var (gate, waiter, cancellationToken) = ((TurnGate, Waiter, CancellationToken))state!;
        lock (gate._lock)
        {
            if (waiter.Node!.List is null)
            {
                return; // Admitted in the meantime.
            }

            gate._waiting.Remove(waiter.Node);
        }

        waiter.Admitted.SetCanceled(cancellationToken);
    }

    private sealed class Waiter(object entrant)
    {
        public object Entrant { get; } = entrant;
        public LinkedListNode<Waiter>? Node { get; set; }
        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
