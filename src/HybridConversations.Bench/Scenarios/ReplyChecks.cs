using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>Finds replies that are not what a scenario meant to measure.</summary>
internal static class ReplyChecks
{
    /// <summary>More of the prompt tokens than this from a cache falsify first tokens.</summary>
    private const double CachedShare = 0.25;

    /// <summary>Warnings about replies whose prompts should have been read and that should have had <paramref name="tokens"/> tokens.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<ReplyTrace> replies, int tokens)
    {
        var warnings = new List<string>();
        var early = replies.Count(reply => reply.CompletionTokens < tokens);
        if (early > 0)
        {
            warnings.Add($"{early} of {replies.Count} replies ended before their {tokens} tokens.");
        }

        var prompt = replies.Sum(reply => (long)(reply.Usage?.PromptTokens ?? 0));
        var cached = replies.Sum(reply => (long)(reply.Usage?.CachedTokens ?? 0));
        if (cached > prompt * CachedShare)
        {
            warnings.Add($"{cached} of {prompt} prompt tokens came from the server's cache: first tokens are not comparable.");
        }

        return warnings;
    }
}
