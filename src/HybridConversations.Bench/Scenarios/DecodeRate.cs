using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>Tokens a second of streams that ran together.</summary>
internal static class DecodeRate
{
    /// <summary>
    /// All tokens of the time in which every stream was being written, divided by that time: from the moment in which the last of them had its first
    /// token to the moment in which the first of them had its last. Prompts are outside. Null when there is no such time.
    /// </summary>
    public static double? Steady(IReadOnlyCollection<ReplyTrace> replies, TimeProvider clock)
    {
        if (replies.Any(reply => reply.Arrivals.Count == 0))
        {
            return null;
        }

        var from = replies.Max(reply => reply.Arrivals[0]);
        var to = replies.Min(reply => reply.Arrivals[^1]);
        return to > from ? replies.Sum(reply => reply.TokensBetween(from, to)) / clock.GetElapsedTime(from, to).TotalSeconds : null;
    }

    /// <summary>All tokens divided by the time from the first request to the last end: prompts are inside.</summary>
    public static double Whole(IReadOnlyCollection<ReplyTrace> replies, TimeProvider clock) =>
        replies.Sum(reply => reply.CompletionTokens)
        / clock.GetElapsedTime(replies.Min(reply => reply.StartedAt), replies.Max(reply => reply.EndedAt)).TotalSeconds;
}
