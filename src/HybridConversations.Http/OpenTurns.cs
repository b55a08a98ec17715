namespace HybridConversations.Http;

/// <summary>Counts what is being answered, refuses what is too much, and ends what is left when the server stops. Thread-safe.</summary>
internal sealed class OpenTurns(HttpLimits limits) : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private int _open;
    private volatile bool _closed;

    /// <summary>Turns that are being answered or wait.</summary>
    public int Count => Volatile.Read(ref _open);

    /// <summary>Cancelled when the time that running turns had is over.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <exception cref="ProblemException">Too many are open, or the server is stopping.</exception>
    public OpenTurn Enter(CancellationToken callerLeft)
    {
        if (_closed)
        {
            throw new ProblemException(ProblemCodes.Ending(5000));
        }

        if (Interlocked.Increment(ref _open) > limits.OpenTurns)
        {
            Leave();
            throw new ProblemException(ProblemCodes.Overload($"{limits.OpenTurns} turns are open, which is the limit of this server (--open-turns).", 1000));
        }

        return new OpenTurn(this, CancellationTokenSource.CreateLinkedTokenSource(callerLeft, _ending.Token));
    }

    /// <summary>Takes no new turn, and cancels those that still run after <paramref name="grace"/>.</summary>
    public void Close(TimeSpan grace)
    {
        _closed = true;
        _ending.CancelAfter(grace);
    }

    public void Dispose() => _ending.Dispose();

    internal void Leave() => Interlocked.Decrement(ref _open);
}

/// <summary>A place among the open turns; disposing gives it back.</summary>
internal sealed class OpenTurn(OpenTurns turns, CancellationTokenSource stop) : IDisposable
{
    private int _left;

    /// <summary>Cancelled when the caller leaves or the server ends the turn.</summary>
    public CancellationToken Token { get; } = stop.Token;

    public bool EndedByServer => turns.Ending.IsCancellationRequested;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            stop.Dispose();
            turns.Leave();
        }
    }
}
