using System.Runtime.CompilerServices;

namespace HybridConversations.Orleans.Clients;

/// <summary>
/// Stands between a grain's stream and a reader that may be slow: takes the reply at full speed, so that Orleans does not give the stream up, and joins the
/// pieces that wait. What waits is therefore never more than the reply itself, of which <paramref name="capacity"/> characters are held at most: beyond, it
/// waits for the reader.
/// </summary>
internal sealed class ReplyRelay(int capacity)
{
    /// <summary>Characters that may wait, unless told otherwise: longer than any reply of a voice conversation.</summary>
    public const int DefaultCapacity = 1 << 20;

    private readonly Lock _lock = new();
    private readonly LinkedList<ReplyEvent> _waiting = new();
    private int _characters;
    private bool _ended;
    private Exception? _error;
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;

    /// <summary>The events of <paramref name="source"/>, at the reader's pace. Leaving cancels the source, and waits until it has let go.</summary>
    public async IAsyncEnumerable<ReplyEvent> Relay(
        Func<CancellationToken, IAsyncEnumerable<ReplyEvent>> source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
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

    private async Task Pump(IAsyncEnumerable<ReplyEvent> source, CancellationToken cancellationToken)
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
    private Task Put(ReplyEvent e)
    {
        lock (_lock)
        {
            if (e is ReplyText text)
            {
                _characters += text.Text.Length;
                if (_waiting.Last?.Value is ReplyText before)
                {
                    _waiting.RemoveLast();
                    e = new ReplyText(before.Text + text.Text);
                }
            }

            _waiting.AddLast(e);
            _reader?.TrySetResult();
            return _characters <= capacity ? Task.CompletedTask : (_writer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async ValueTask<ReplyEvent?> Take(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_waiting.First?.Value is { } next)
                {
                    _waiting.RemoveFirst();
                    _characters -= (next as ReplyText)?.Text.Length ?? 0;
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
