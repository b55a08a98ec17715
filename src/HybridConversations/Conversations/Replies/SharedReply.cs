using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HybridConversations.Conversations;

/// <summary>
/// The reply of a resumable turn: pulled from the turn at full speed, kept until it ends, and told to whoever reads, from wherever that reader says. It goes
/// on for a while without a reader. Held in memory whole, as the turn's stored reply is; nothing else grows.
/// </summary>
internal sealed class SharedReply(TurnRun run, TimeProvider time, TimeSpan grace)
{
    private readonly Lock _lock = new();
    private readonly List<ReplyEvent> _events = [];
    private readonly List<Channel<bool>> _readers = [];
    private ITimer? _alone;
    private bool _ended;

    public string TurnId => run.TurnId;

    public string Text => run.Progress.Turn.Text;

    /// <summary>Pulls the turn to its end. Runs where the turn runs; never fails.</summary>
    public async Task Pump()
    {
        try
        {
            while (await run.Next() is { } next)
            {
                Tell(next, false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody came back in time; what there is of the reply is stored.
        }
        finally
        {
            await run.DisposeAsync();
            Tell(null, true);
        }
    }

    /// <summary>The reply from character <paramref name="received"/> on.</summary>
    /// <exception cref="OperationCanceledException">The reader has left.</exception>
    public async IAsyncEnumerable<ReplyEvent> Read(int received, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wake = Enter();
        try
        {
            var rest = new RestOfReply(received);
            var last = false;
            for (var at = 0; !last;)
            {
                var (next, ended) = At(at);
                if (next is null && !ended)
                {
                    await wake.Reader.ReadAsync(cancellationToken);
                    continue;
                }

                at++;
                last = next is null or ReplyCompleted or ReplyFailed;
                if (next is not null && rest.Of(next) is { } told)
                {
                    yield return told;
                }
                else if (next is null)
                {
                    // This reader came in the moment in which the turn was given up.
                    yield return new ReplyFailed(TurnId, TurnProblems.Of(new StopRequest(StopReason.SlowReader), TurnId, "")!);
                }
            }
        }
        finally
        {
            Leave(wake);
        }
    }

    private (ReplyEvent? Next, bool Ended) At(int index)
    {
        lock (_lock)
        {
            return (index < _events.Count ? _events[index] : null, _ended);
        }
    }

    private void Tell(ReplyEvent? next, bool ended)
    {
        lock (_lock)
        {
            if (next is not null)
            {
                _events.Add(next);
            }

            _ended |= ended;
            _readers.ForEach(reader => reader.Writer.TryWrite(true));
            if (_ended)
            {
                _alone?.Dispose();
            }
        }
    }

    private Channel<bool> Enter()
    {
        // One wake-up that nobody has taken yet is as good as many.
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_lock)
        {
            _readers.Add(wake);
            _alone?.Dispose();
            _alone = null;
        }

        return wake;
    }

    private void Leave(Channel<bool> wake)
    {
        lock (_lock)
        {
            _readers.Remove(wake);
            if (_readers.Count == 0 && !_ended)
            {
                _alone ??= time.CreateTimer(_ => run.RequestStop(StopRequest.CallerLeft), null, grace, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
