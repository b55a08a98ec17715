namespace HybridConversations.Conversations;

/// <summary>
/// Lets one at a time into a conversation: a turn (<see cref="TurnRun"/>), or a short operation on the history (any other object). Turns are refused, or end the
/// turns ahead of them and wait, as they demand; operations that meet operations wait. First come, first served; who waits is woken when it is let in.
/// </summary>
internal sealed class TurnGate(int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private object? _holder;
    private long _version;

    /// <summary>The turn that runs, or else the first that waits for an operation to end; null when there is none.</summary>
    public TurnRun? Current
    {
        get
        {
            lock (_lock)
            {
                return Turns().FirstOrDefault();
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

    /// <summary>The turn of this id that runs or waits; null when there is none.</summary>
    public TurnRun? Find(string turnId)
    {
        lock (_lock)
        {
            return Turns().FirstOrDefault(turn => turn.TurnId == turnId);
        }
    }

    /// <summary>Lets a turn in; it leaves with <see cref="Leave"/>.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="demand">How each turn ahead shall end; null for a turn that must not be ended: the newcomer is refused then.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when a turn of the same id runs or waits: it has not entered.</returns>
    /// <exception cref="ProblemException"><c>turn-in-progress</c>, or <c>overloaded</c> when too many wait.</exception>
    public ValueTask<bool> TryEnter(TurnRun turn, Func<TurnRun, StopRequest?> demand, CancellationToken cancellationToken) => Enter(
        turn,
        ahead => ahead.Any(other => other.TurnId == turn.TurnId)
            ? null
            : [.. ahead.Select(other => (other, demand(other) ?? throw new ProblemException(ProblemCodes.Busy(other.TurnId))))],
        cancellationToken);

    /// <summary>Lets an operation in, behind others; it leaves with <see cref="Leave"/>.</summary>
    /// <returns>False when a turn runs or waits: it has not entered.</returns>
    /// <exception cref="ProblemException"><c>overloaded</c>: too many wait.</exception>
    public ValueTask<bool> TryEnter(object operation, CancellationToken cancellationToken) => Enter(operation, ahead => ahead.Count > 0 ? null : [], cancellationToken);

    /// <summary>Lets an operation in that ends all turns ahead of it; it leaves with <see cref="Leave"/>.</summary>
    /// <exception cref="ProblemException"><c>overloaded</c>: too many wait.</exception>
    public async ValueTask Enter(object operation, StopRequest stop, CancellationToken cancellationToken) =>
        await Enter(operation, ahead => [.. ahead.Select(turn => (turn, stop))], cancellationToken);

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

    /// <param name="entrant">Who wants to enter.</param>
    /// <param name="meet">Given the turns ahead: those to end and how; null when the entrant stays outside.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async ValueTask<bool> Enter(
        object entrant, Func<IReadOnlyList<TurnRun>, IReadOnlyList<(TurnRun Turn, StopRequest Stop)>?> meet, CancellationToken cancellationToken)
    {
        Waiter waiter;
        IReadOnlyList<(TurnRun Turn, StopRequest Stop)>? stops;
        lock (_lock)
        {
            if (_holder is null)
            {
                _holder = entrant;
                _version++;
                return true;
            }

            stops = meet([.. Turns()]);
            if (stops is null)
            {
                return false;
            }

            if (_waiting.Count >= maxWaiting)
            {
                throw new ProblemException(ProblemCodes.Overload($"{maxWaiting} requests wait for this conversation already.", 1000));
            }

            waiter = new Waiter(entrant);
            waiter.Node = _waiting.AddLast(waiter);
        }

        foreach (var (turn, stop) in stops)
        {
            turn.RequestStop(stop);
        }

        await using (cancellationToken.UnsafeRegister(GiveUp, (this, waiter, cancellationToken)))
        {
            await waiter.Admitted.Task;
        }

        return true;
    }

    /// <summary>The turn that runs, then those that wait. Only under the lock.</summary>
    private IEnumerable<TurnRun> Turns() => _waiting.Select(waiter => waiter.Entrant).Prepend(_holder).OfType<TurnRun>();

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
