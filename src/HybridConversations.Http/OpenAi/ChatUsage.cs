namespace HybridConversations.Http.OpenAi;

/// <summary>Tokens of an answer. Cached ones are prompt tokens that were not read again.</summary>
internal sealed record ChatUsage(int PromptTokens, int CompletionTokens, int TotalTokens, ChatPromptDetails PromptTokensDetails, ChatCompletionDetails CompletionTokensDetails)
{
    public static ChatUsage Of(TokenUsage usage) => new(
        usage.PromptTokens, usage.CompletionTokens, usage.PromptTokens + usage.CompletionTokens, new ChatPromptDetails(usage.ReusedTokens), new ChatCompletionDetails(usage.ReasoningTokens));
}

internal sealed record ChatPromptDetails(int CachedTokens);

internal sealed record ChatCompletionDetails(int ReasoningTokens);

/// <summary>An extension in the names of llama-server: tokens, milliseconds, tokens a second.</summary>
internal sealed record ChatTimings(int CacheN, int PromptN, double PromptMs, double PromptPerSecond, int PredictedN, double PredictedMs, double PredictedPerSecond, double QueuedMs)
{
    public static ChatTimings Of(TokenUsage usage, TurnTimings timings)
    {
        var reading = Math.Max(0, timings.FirstTokenMs - timings.QueuedMs);
        var writing = Math.Max(0, timings.TotalMs - timings.FirstTokenMs);
        return new ChatTimings(
            usage.ReusedTokens, usage.ReadTokens, Rounded(reading), PerSecond(usage.ReadTokens, reading),
            usage.CompletionTokens, Rounded(writing), PerSecond(usage.CompletionTokens - 1, writing), Rounded(timings.QueuedMs));
    }

    private static double PerSecond(int tokens, double milliseconds) => milliseconds > 0 ? Rounded(Math.Max(0, tokens) * 1000 / milliseconds) : 0;

    private static double Rounded(double value) => Math.Round(value, 3);
}
