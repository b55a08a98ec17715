using HybridConversations.Conversations;

namespace HybridConversations.Orleans.Streams;

/// <summary>Counts the streams that run through a silo, of its device or of an endpoint, whoever asked for them (turns of its own conversations: <see cref="RunningTurns"/>). Thread-safe.</summary>
internal sealed class OpenStreams
{
    private int _open;

    /// <summary>How much runs now.</summary>
    public int Value => Volatile.Read(ref _open);

    /// <summary>Counts one more until it is disposed of, or <paramref name="left"/> says that its caller has gone: there may be nobody to end the stream then.</summary>
    public IDisposable Enter(CancellationToken left) => new One(this, left);

    private sealed class One : IDisposable
    {
        private readonly OpenStreams _count;
        private readonly CancellationTokenRegistration _left;
        private int _ended;

        public One(OpenStreams count, CancellationToken left)
        {
            _count = count;
            Interlocked.Increment(ref count._open);
            _left = left.UnsafeRegister(static one => ((One)one!).End(), this);
        }

        public void Dispose()
        {
            _left.Unregister();
            End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref _count._open);
            }
        }
    }
}
