using System.Runtime.CompilerServices;

namespace HybridConversations.Orleans.Streams;

/// <summary>
/// Stands between a grain's stream and a reader that may be slow: takes the events at full speed, so that Orleans does not give the stream up, and joins the
/// pieces of text that wait. What waits is therefore never more than the reply itself, of which <paramref name="capacity"/> characters are held at most: beyond,
/// it waits for the reader.
/// </summary>
/// <param name="length">Characters of an event.</param>
/// <param name="join">Two events as one; null when they cannot be joined.</param>
/// <param name="capacity">Characters that may wait.</param>
internal sealed class StreamBuffer<T>(Func<T, int> length, Func<T, T, T?> join, int capacity = StreamBuffers.DefaultCapacity)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<T> _waiting = new();
    private int _characters;
    private bool _ended;
    private Exception? _error;
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;

    /// <summary>The events of <paramref name="source"/>, at the reader's pace. Leaving cancels the source, and waits until it has let go.</summary>
    public async IAsyncEnumerable<T> Relay(
        Func<CancellationToken, IAsyncEnumerable<T>> source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = Pump(source(left.Token), left.Token);
        try
        {
            while (await Take(cancellationToken) is { } next)
            {
                yield return next;
            }
        }
        finally
        {
            await left.CancelAsync();
            await pump;
        }
    }

    private async Task Pump(IAsyncEnumerable<T> source, CancellationToken cancellationToken)
    {
        Exception? error = null;
        try
        {
            await foreach (var e in source.WithCancellation(cancellationToken))
            {
                await Put(e).WaitAsync(cancellationToken);
            }
        }
        catch (Exception caught)
        {
            error = caught;
        }

        lock (_lock)
        {
            (_ended, _error) = (true, error);
            _reader?.TrySetResult();
        }
    }

    /// <returns>Completes when there is room for more.</returns>
    private Task Put(T e)
    {
        lock (_lock)
        {
            _characters += length(e);
            if (_waiting.Last?.Value is { } before && join(before, e) is { } joined)
            {
                _waiting.RemoveLast();
                e = joined;
            }

            _waiting.AddLast(e);
            _reader?.TrySetResult();
            return _characters <= capacity ? Task.CompletedTask : (_writer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async ValueTask<T?> Take(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_waiting.First?.Value is { } next)
                {
                    _waiting.RemoveFirst();
                    _characters -= length(next);
                    _writer?.TrySetResult();
                    return next;
                }

                if (_ended)
                {
                    return _error is null ? null : throw _error;
                }

                _reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                news = _reader.Task;
            }

            await news.WaitAsync(cancellationToken);
        }
    }
}
