namespace HybridConversations.Conversations;

/// <summary>
/// A turn under way, pulled by whoever reads its reply (<see cref="Reply"/>). While nobody pulls, the turn is parked: whoever wants it to end
/// (<see cref="RequestStop"/>) ends it in the readers' place, so that nobody waits for a reader that has stopped reading. Ended exactly once, by <c>settle</c>.
/// </summary>
#pragma warning disable CA1001 // The source of the stop token has no timer, and whoever stops a turn may come after its end: it is never disposed.
internal sealed class TurnRun
#pragma warning restore CA1001
{
    private enum Phase
    {
        Working,
        Parked,
        Ended,
    }

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _readerTimeout;
    private readonly Func<TurnRun, TurnEnd, Task<TurnOutcome>> _settle;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<TurnOutcome> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A grain's state may only be touched on the grain's scheduler, also when a timer or another thread ends the turn.
    private readonly TaskScheduler _scheduler = TaskScheduler.Current;
    private Phase _phase;
    private StopRequest? _request;
    private IAsyncEnumerator<ReplyEvent>? _answer;
    private long _parkedAt;
    private bool _finished;

    /// <param name="turn">The turn, which has been checked.</param>
    /// <param name="services">Clock and limits.</param>
    /// <param name="settle">Stores how it ended and frees the conversation; never throws.</param>
    public TurnRun(Turn turn, ConversationServices services, Func<TurnRun, TurnEnd, Task<TurnOutcome>> settle)
    {
        (_time, _readerTimeout, _settle) = (services.Time, services.Options.ReaderTimeout, settle);
        Progress = new TurnProgress(turn, _time);
        Reply = new SharedReply(this, _time, services.Options.ResumeGrace);
    }

    public string TurnId => Progress.Turn.TurnId;
    public TurnProgress Progress { get; }

    /// <summary>What is told of it.</summary>
    public SharedReply Reply { get; }

    /// <summary>Completes when the turn has ended, is stored, and the conversation is free again. Never fails.</summary>
    public Task<TurnOutcome> Settled => _settled.Task;

    /// <summary>How it was asked to end; null when nobody has.</summary>
    public StopRequest? Request
    {
        get
        {
            lock (_lock)
            {
                return _request;
            }
        }
    }

    /// <summary>True when the reader has taken nothing for longer than it may.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_lock)
            {
                return _phase == Phase.Parked && _time.GetElapsedTime(_parkedAt) > _readerTimeout;
            }
        }
    }

    /// <summary>Begins; <paramref name="answer"/> gets the token that ends when the turn shall stop.</summary>
    public void Start(Func<CancellationToken, IAsyncEnumerable<ReplyEvent>> answer)
    {
        _answer = answer(_stop.Token).GetAsyncEnumerator(_stop.Token);
        lock (_lock)
        {
            if (_request is null)
            {
                Park();
            }
        }

        Reply.Begin();
    }

    /// <summary>Asks for the end. False when it has ended, or someone else asked before.</summary>
    public bool RequestStop(StopRequest request)
    {
        bool takeOver;
        lock (_lock)
        {
            if (_phase == Phase.Ended || _request is not null)
            {
                return false;
            }

            _request = request;
            takeOver = _phase == Phase.Parked;
            if (takeOver)
            {
                _phase = Phase.Ended;
            }
        }

        _ = _stop.CancelAsync();
        if (takeOver)
        {
            _ = Task.Factory.StartNew(() => Settle(new TurnEnd(false, request, null)), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
        }

        return true;
    }

    /// <summary>The next event; null behind the last, or when nobody reads any more and what was delivered is stored. One call at a time.</summary>
    public async ValueTask<ReplyEvent?> Next()
    {
        if (_finished)
        {
            return null;
        }

        if (TryResume(out var stop))
        {
            Exception? error = null;
            var whole = false;
            try
            {
                if (stop is null)
                {
                    whole = !await _answer!.MoveNextAsync();
                    if (!whole && TryPark(_answer.Current))
                    {
                        return _answer.Current;
                    }
                }
            }
            catch (Exception caught)
            {
                error = caught;
            }

            await Settle(new TurnEnd(whole, End(), error));
        }

        _finished = true;
        return (await _settled.Task).Last;
    }

    /// <summary>Ends a turn that was stopped before it began: nothing runs, and <c>settle</c> stores it.</summary>
    public async Task EndUnstarted(StopRequest stop)
    {
        End();
        await Settle(new TurnEnd(false, stop, null));
        Reply.EndUnbegun((await Settled).Last);
    }

    /// <summary>Ends a turn that could not begin.</summary>
    public void Abandon()
    {
        End();
        Progress.Span?.Dispose();
        _settled.TrySetResult(new TurnOutcome(null, null));
        Reply.EndUnbegun(null);
    }

    private async Task Settle(TurnEnd end)
    {
        try
        {
            if (_answer is not null)
            {
                await _answer.DisposeAsync();
            }
        }
        catch (Exception error)
        {
            end = end with { Error = end.Error ?? error };
        }

        _settled.TrySetResult(await _settle(this, end));
    }

    private bool TryResume(out StopRequest? stop)
    {
        lock (_lock)
        {
            stop = _request;
            var mayGoOn = _phase != Phase.Ended;
            _phase = mayGoOn ? Phase.Working : Phase.Ended;
            return mayGoOn;
        }
    }

    private bool TryPark(ReplyEvent next)
    {
        lock (_lock)
        {
            if (_request is not null)
            {
                return false;
            }

            // From here on the reader has it.
            if (next is ReplyText piece)
            {
                Progress.Deliver(piece.Text);
            }
            else if (next is ReplyToolCall call)
            {
                Progress.Deliver(call.Call);
            }

            Park();
            return true;
        }
    }

    private void Park()
    {
        _parkedAt = _time.GetTimestamp();
        _phase = Phase.Parked;
    }

    private StopRequest? End()
    {
        lock (_lock)
        {
            _phase = Phase.Ended;
            return _request;
        }
    }
}
