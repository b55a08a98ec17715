namespace HybridConversations.Tests.Conversations;

/// <summary>Reads a reply at the pace of a test.</summary>
internal sealed class ReplyReader(IAsyncEnumerable<ReplyEvent> reply, CancellationToken cancellationToken = default) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IAsyncEnumerator<ReplyEvent> _reply = reply.GetAsyncEnumerator(cancellationToken);

    /// <summary>The next event; null at the end.</summary>
    public async Task<ReplyEvent?> Next() => await _reply.MoveNextAsync().AsTask().WaitAsync(Patience) ? _reply.Current : null;

    /// <summary>Reads up to and with the next event of this type.</summary>
    public async Task<TEvent> Until<TEvent>()
        where TEvent : ReplyEvent
    {
        while (true)
        {
            switch (await Next())
            {
                case TEvent found:
                    return found;
                case null:
                    throw new InvalidOperationException($"The reply ended without {typeof(TEvent).Name}.");
            }
        }
    }

    public async ValueTask DisposeAsync() => await _reply.DisposeAsync();
}

internal static class ReplyEvents
{
    public static async Task<List<ReplyEvent>> ToList(this IAsyncEnumerable<ReplyEvent> reply)
    {
        var events = new List<ReplyEvent>();
        await foreach (var e in reply)
        {
            events.Add(e);
        }

        return events;
    }

    public static string Text(this IEnumerable<ReplyEvent> events) => string.Concat(events.OfType<ReplyText>().Select(e => e.Text));

    public static ReplyCompleted Completed(this IEnumerable<ReplyEvent> events) => Assert.IsType<ReplyCompleted>(events.Last());

    public static Problem Failed(this IEnumerable<ReplyEvent> events) => Assert.IsType<ReplyFailed>(events.Last()).Problem;
}
