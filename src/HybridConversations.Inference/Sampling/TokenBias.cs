namespace HybridConversations.Inference.Sampling;

/// <summary>Makes a token likelier or less likely.</summary>
/// <param name="Token">Of the model; others are without effect.</param>
/// <param name="Bias">Added to its logit; −∞ forbids it.</param>
public readonly record struct TokenBias(int Token, float Bias);
