namespace HybridConversations.Cluster.Tests;

/// <summary>Reads replies.</summary>
internal static class Replies
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<List<ReplyEvent>> All(this IConversation conversation, Turn turn, CancellationToken cancellationToken = default) => conversation.All(turn, Limit, cancellationToken);

    public static async Task<List<ReplyEvent>> All(this IConversation conversation, Turn turn, TimeSpan within, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        var events = new List<ReplyEvent>();
        await foreach (var e in conversation.Say(turn, limit.Token))
        {
            events.Add(e);
        }

        return events;
    }

    public static async Task<ReplyCompleted> Whole(this IConversation conversation, string text, string? turnId = null)
    {
        var events = await conversation.All(new Turn { TurnId = turnId ?? Guid.NewGuid().ToString("N"), Text = text });
        return events[^1] switch
        {
            ReplyCompleted completed => completed,
            ReplyFailed failed => throw new ProblemException(failed.Problem),
            var other => throw new InvalidOperationException($"The reply ended with {other}."),
        };
    }

    public static async Task<List<TurnRecord>> History(this IConversation conversation)
    {
        var turns = new List<TurnRecord>();
        long? after = 0;
        while (after is { } from)
        {
            var page = await conversation.Read(from, 50);
            turns.AddRange(page?.Turns ?? []);
            after = page?.Next;
        }

        return turns;
    }
}
