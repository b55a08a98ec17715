using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Replies;

/// <summary>Which calls a reply may hold. Immutable.</summary>
/// <param name="Form">How a call is written.</param>
/// <param name="Tools">The functions and what their arguments must look like.</param>
/// <param name="Required">The reply begins with a call.</param>
/// <param name="Parallel">It may hold several.</param>
/// <param name="Behind">The mark behind which it begins, where the prompt has opened a thought; null where it begins at once.</param>
public sealed record CallPlan(CallForm Form, IReadOnlyList<(string Name, CompiledGrammar Arguments)> Tools, bool Required, bool Parallel, string? Behind);
