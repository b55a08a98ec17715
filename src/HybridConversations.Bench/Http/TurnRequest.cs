namespace HybridConversations.Bench.Http;

/// <summary>A turn of <c>POST /conversations/{id}/turns</c>, greedy.</summary>
/// <param name="Role">What the reply is for, in the report.</param>
/// <param name="Text">What is said.</param>
/// <param name="MaxTokens">Most tokens of the reply.</param>
internal sealed record TurnRequest(string Role, string Text, int MaxTokens)
{
    /// <summary>System prompt, for the first turn.</summary>
    public string? System { get; init; }

    /// <summary><c>voice</c>, <c>interactive</c> or <c>background</c>.</summary>
    public string? Priority { get; init; }

    /// <summary>Called with the reply so far after each piece of text, before the next is read.</summary>
    public Func<ReplyTrace, Task>? OnText { get; init; }
}
