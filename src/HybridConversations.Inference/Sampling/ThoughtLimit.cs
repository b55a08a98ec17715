namespace HybridConversations.Inference.Sampling;

/// <summary>How long a model may think.</summary>
/// <param name="Open">Begins a thought.</param>
/// <param name="Close">Ends it.</param>
/// <param name="IsOpen">The prompt has begun one.</param>
/// <param name="ClosingTokens">The tokens that end it; one at least.</param>
/// <param name="Tokens">Tokens of thought at most, from 0.</param>
public sealed record ThoughtLimit(string Open, string Close, bool IsOpen, IReadOnlyList<int> ClosingTokens, int Tokens);
