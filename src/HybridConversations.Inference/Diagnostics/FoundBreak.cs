namespace HybridConversations.Inference.Diagnostics;

/// <summary>A break that is worth saying.</summary>
internal sealed record FoundBreak(PrefixBreak Break, string Who, string Before, string Was, string Now);
