using System.Buffers;
using System.Text;
using System.Threading.Tasks.Sources;

namespace HybridConversations.Inference.Engine;

/// <summary>
/// Carries a reply's bytes from the engine's thread to one reader. Writing allocates nothing in the steady state and never waits;
/// the buffer is bounded by the reply, whose length the token limit bounds. The reader gets whole characters only.
/// </summary>
internal sealed class ReplyBuffer : IThreadPoolWorkItem, IValueTaskSource<bool>
{
    private readonly Lock _lock = new();
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);
    private List<TokenLogProb>? _logProbs;
    private ManualResetValueTaskSourceCore<bool> _signal;
    private int _read;
    private int _written;
    private bool _ended;
    private bool _waiting;

    /// <summary>Engine's thread: adds bytes and, where asked for, what the tokens' probabilities were.</summary>
    public void Write(ReadOnlySpan<byte> bytes, TokenLogProb? logProb = null)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return; // the reader has left
            }

            if (logProb is not null)
            {
                (_logProbs ??= []).Add(logProb);
            }

            if (_written + bytes.Length > _bytes.Length)
            {
                Grow(bytes.Length);
            }

            bytes.CopyTo(_bytes.AsSpan(_written));
            _written += bytes.Length;
            Signal();
        }
    }

    /// <summary>Engine's thread: nothing more will come.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Signal();
        }
    }

    /// <summary>Reader: completes when <see cref="Take"/> has something, with false at the end. One call at a time.</summary>
    public ValueTask<bool> WaitToReadAsync()
    {
        lock (_lock)
        {
            if (HasSome())
            {
                return new ValueTask<bool>(true);
            }

            if (_ended)
            {
                return new ValueTask<bool>(false);
            }

            _signal.Reset();
            _waiting = true;
            return new ValueTask<bool>(this, _signal.Version);
        }
    }

    /// <summary>Reader: everything that has come, as whole characters; bytes that are no UTF-8 become U+FFFD.</summary>
    public (string Text, IReadOnlyList<TokenLogProb>? LogProbs) Take()
    {
        lock (_lock)
        {
            var length = WholeLength();
            var text = Encoding.UTF8.GetString(_bytes, _read, length);
            _read += length;
            var logProbs = _logProbs;
            _logProbs = null;
            return (text, logProbs);
        }
    }

    /// <summary>Reader: gives the memory back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _ended = true;
            _read = _written = 0;
            _logProbs = null;
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = [];
            }
        }
    }

    void IThreadPoolWorkItem.Execute() => _signal.SetResult(true);

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _signal.GetResult(token);
        lock (_lock)
        {
            return HasSome();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private void Signal()
    {
        if (_waiting && (_ended || WholeLength() > 0))
        {
            _waiting = false;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Grow(int more)
    {
        var kept = _written - _read;
        var bytes = kept + more > _bytes.Length ? ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, kept + more)) : _bytes;
        _bytes.AsSpan(_read, kept).CopyTo(bytes);
        if (bytes != _bytes)
        {
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = bytes;
        }

        (_read, _written) = (0, kept);
    }

    /// <summary>At its end also what tokens have without text: of a character that was cut off, or of a control token.</summary>
    private bool HasSome() => WholeLength() > 0 || (_ended && _logProbs is not null);

    /// <summary>Bytes that can be handed out: up to a character that is not whole yet. At the end it never will be, and the reply ends before it.</summary>
    private int WholeLength()
    {
        var span = _bytes.AsSpan(_read, _written - _read);
        for (var back = 1; back <= Math.Min(3, span.Length); back++)
        {
            var lead = span[^back];
            if ((lead & 0xC0) == 0x80)
            {
                continue;
            }

            var length = lead is >= 0xF0 and <= 0xF4 ? 4 : lead is >= 0xE0 and < 0xF0 ? 3 : lead is >= 0xC2 and < 0xE0 ? 2 : 1;
            return length > back ? span.Length - back : span.Length;
        }

        return span.Length;
    }
}
