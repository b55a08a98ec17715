using System.Threading.Channels;

namespace HybridConversations.Inference.Snapshots;

/// <summary>What is to be written, in order, by one task. Thread-safe.</summary>
internal sealed class SnapshotWork : IAsyncDisposable
{
    /// <summary>Pieces that may wait before whoever asks is told to wait.</summary>
    private const int MaxPending = 32;

    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Action _afterEach;
    private readonly Action<Exception> _refused;
    private readonly Task _writer;
    private int _pending;
    private volatile bool _full;

    /// <param name="afterEach">Done behind each piece.</param>
    /// <param name="refused">Hears when the disk refuses one; the next is tried all the same.</param>
    public SnapshotWork(Action afterEach, Action<Exception> refused)
    {
        (_afterEach, _refused) = (afterEach, refused);
        _writer = Task.Run(DoAll);
    }

    /// <summary>Pieces that are not done yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Called, on any thread, when there is room again after <see cref="HasRoom"/> said no.</summary>
    public Action? OnRoom { get; set; }

    /// <summary>Completes when the last piece is done after <see cref="DisposeAsync"/>.</summary>
    public Task Ended => _writer;

    /// <summary>May another piece be queued? Where not, <see cref="OnRoom"/> says when it is worth asking again.</summary>
    public bool HasRoom()
    {
        if (Pending < MaxPending)
        {
            return true;
        }

        _full = true;
        return Pending < MaxPending;
    }

    /// <summary>Queues a piece; nothing is done of it when this is closed.</summary>
    /// <param name="work">The piece.</param>
    /// <param name="always">Done behind it, whatever becomes of it, also when it cannot be queued.</param>
    public void Queue(Action work, Action? always = null)
    {
        if (!TryQueue(work, always))
        {
            always?.Invoke();
        }
    }

    /// <summary>Queues a piece, and what is done behind it. False when this is closed: nothing of it is done then.</summary>
    public bool TryQueue(Action work, Action? always = null)
    {
        Interlocked.Increment(ref _pending);
        if (_work.Writer.TryWrite(Do))
        {
            return true;
        }

        Interlocked.Decrement(ref _pending);
        return false;

        void Do()
        {
            try
            {
                work();
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
                always?.Invoke();
            }
        }
    }

    /// <summary>Takes no more, and completes when all is done.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _writer; // at most the queue's length of writes
    }

    private async Task DoAll()
    {
        await foreach (var work in _work.Reader.ReadAllAsync())
        {
            try
            {
                work();
                _afterEach();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _refused(error);
            }

            if (_full)
            {
                _full = false;
                OnRoom?.Invoke();
            }
        }
    }
}
