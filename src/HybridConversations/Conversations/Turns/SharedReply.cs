using System.Runtime.CompilerServices;

namespace HybridConversations.Conversations;

/// <summary>
/// The reply of a turn, told to whoever reads it, from wherever that reader says: the one who said the turn, and those who send it again while it runs.
/// It is pulled from the turn as fast as its fastest reader takes it, and ends with its last reader; a resumable one is pulled at full speed and goes on for a while
/// without a reader. Held in memory whole, as the turn's stored reply is; nothing else grows.
/// </summary>
internal sealed class SharedReply(TurnRun run, TimeProvider time, TimeSpan grace)
{
    private readonly Lock _lock = new();
    private readonly List<ReplyEvent> _events = [];
    private readonly List<Reader> _readers = [];
    private TaskCompletionSource? _news;
    private ITimer? _alone;
    private bool _pulling = true; // Nobody may before the turn has begun.
    private bool _goesOn;
    private bool _ended;

    private Task Settled => run.Settled;

    /// <summary>A new reader; null when the reply is being given up, since its last reader has left.</summary>
    public Reader? TryEnter()
    {
        lock (_lock)
        {
            if (_ended ? _events is not [.., ReplyCompleted or ReplyFailed] : run.Request?.Reason == StopReason.CallerLeft)
            {
                return null;
            }

            var reader = new Reader(this);
            _readers.Add(reader);
            _alone?.Dispose();
            _alone = null;
            return reader;
        }
    }

    /// <summary>The turn has begun.</summary>
    public void Begin() => Tell(null, false);

    /// <summary>The turn ended before it began.</summary>
    /// <param name="last">What to tell of it; null when it is to be said again by whoever still wants it.</param>
    public void EndUnbegun(ReplyEvent? last) => Tell(last, true);

    /// <summary>From here on the reply does not need a reader to go on. Runs where the turn runs.</summary>
    public void GoOn()
    {
        lock (_lock)
        {
            if (_goesOn)
            {
                return;
            }

            _goesOn = true;
        }

        _ = PullAll();
    }

    private async Task PullAll()
    {
        for (var at = 0; await At(at, null, CancellationToken.None) is { } next && next is not (ReplyCompleted or ReplyFailed); at++)
        {
            // Pulled is all that it shall be.
        }
    }

    /// <summary>The event of this index, pulled from the turn when nobody does yet; null behind the last.</summary>
    /// <exception cref="OperationCanceledException">The reader has left, and the turn goes on without it.</exception>
    private async ValueTask<ReplyEvent?> At(int index, Reader? reader, CancellationToken left)
    {
        while (true)
        {
            Task? news = null;
            lock (_lock)
            {
                if (index < _events.Count || _ended)
                {
                    return index < _events.Count ? _events[index] : null;
                }

                if (_pulling)
                {
                    news = (_news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }

                _pulling = true;
            }

            news ??= Pull();
            if (news.IsCompleted || !left.CanBeCanceled)
            {
                await news;
                continue;
            }

            try
            {
                await news.WaitAsync(left);
            }
            catch (OperationCanceledException) when (HasEnded(reader!))
            {
                await news; // How the turn ends, now that its last reader has left, is for that one to hear.
            }
        }
    }

    private async Task Pull()
    {
        var next = await run.Next();
        Tell(next, next is null or ReplyCompleted or ReplyFailed);
    }

    private void Tell(ReplyEvent? next, bool ended)
    {
        TaskCompletionSource? news;
        lock (_lock)
        {
            if (next is not null)
            {
                _events.Add(next);
            }

            _pulling = false;
            _ended |= ended;
            (news, _news) = (_news, null);
            if (_ended)
            {
                _alone?.Dispose();
            }
        }

        news?.TrySetResult();
    }

    private void Leave(Reader reader)
    {
        lock (_lock)
        {
            if (!_readers.Remove(reader) || _readers.Count > 0 || _ended)
            {
                return;
            }

            if (_goesOn)
            {
                _alone ??= time.CreateTimer(_ => run.RequestStop(StopRequest.CallerLeft), null, grace, Timeout.InfiniteTimeSpan);
                return;
            }

            reader.EndedTurn = true;
        }

        run.RequestStop(StopRequest.CallerLeft);
    }

    /// <summary>True when this reader was the last one, and has ended the turn by leaving.</summary>
    private bool HasEnded(Reader reader)
    {
        Leave(reader);
        lock (_lock)
        {
            return reader.EndedTurn;
        }
    }

    /// <summary>One who reads the reply, until it is disposed.</summary>
    internal sealed class Reader(SharedReply reply) : IAsyncDisposable
    {
        private readonly SharedReply _reply = reply;

        /// <summary>Only under the lock of the reply.</summary>
        internal bool EndedTurn { get; set; }

        /// <summary>True when the turn ended and told nobody how, since all who had read it before were gone.</summary>
        public bool WasGivenUp { get; private set; }

        /// <summary>The reply from character <paramref name="received"/> on.</summary>
        /// <exception cref="OperationCanceledException">The reader has left; where it was the last, what was delivered is stored.</exception>
        public async IAsyncEnumerable<ReplyEvent> Read(int received, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // Also while nobody asks for the next event: the device must be free at once.
            using var left = cancellationToken.UnsafeRegister(static reader => ((Reader)reader!)._reply.Leave((Reader)reader), this);
            var rest = new RestOfReply(received);
            for (var at = 0; await _reply.At(at, this, cancellationToken) is { } next; at++)
            {
                if (rest.Of(next) is { } told)
                {
                    yield return told;
                }

                if (next is ReplyCompleted or ReplyFailed)
                {
                    yield break;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            WasGivenUp = true;
        }

        public async ValueTask DisposeAsync()
        {
            if (_reply.HasEnded(this))
            {
                await _reply.Settled;
            }
        }
    }
}
