namespace HybridConversations.Inference.Sampling;

/// <summary>What a thought of a reply stands between, and how long it may be.</summary>
/// <param name="Open">Begins a thought.</param>
/// <param name="Close">Ends it.</param>
/// <param name="IsOpen">The prompt has begun one.</param>
/// <param name="ClosingTokens">The tokens that end it; one at least, unless there is no limit.</param>
/// <param name="Tokens">Tokens of thought at most, from 0; <see cref="None"/> only counts them.</param>
public sealed record ThoughtLimit(string Open, string Close, bool IsOpen, IReadOnlyList<int> ClosingTokens, int Tokens)
{
    /// <summary>As long as it likes.</summary>
    public const int None = int.MaxValue;
}
