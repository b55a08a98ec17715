namespace HybridConversations.Bench.Http;

/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text.</param>
internal sealed record BenchMessage(string Role, string Content);

/// <summary>A streamed request to <c>/v1/chat/completions</c>, greedy and of a fixed length.</summary>
/// <param name="Role">What the reply is for, in the report.</param>
/// <param name="Messages">The whole conversation.</param>
/// <param name="MaxTokens">Tokens of the reply: exactly so many where the server knows <c>ignore_eos</c>.</param>
internal sealed record BenchRequest(string Role, IReadOnlyList<BenchMessage> Messages, int MaxTokens)
{
    /// <summary><c>voice</c>, <c>interactive</c> or <c>background</c>; servers without priorities ignore it.</summary>
    public string? Priority { get; init; }

    /// <summary>The slot of llama-server to answer in.</summary>
    public int? Slot { get; init; }
}
