namespace HybridConversations.Bench.Http;

/// <summary>Tokens of one reply, as its server counts them.</summary>
/// <param name="PromptTokens">Tokens of the rendered prompt.</param>
/// <param name="CompletionTokens">Tokens generated.</param>
/// <param name="CachedTokens">Prompt tokens that were not read again; null when the server does not say.</param>
internal sealed record ReplyUsage(int PromptTokens, int CompletionTokens, int? CachedTokens)
{
    /// <summary>Prompt tokens that were read for this reply; null when the server does not say.</summary>
    public int? ReadTokens => PromptTokens - CachedTokens;
}
