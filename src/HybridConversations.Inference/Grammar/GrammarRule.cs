namespace HybridConversations.Inference.Grammar;

/// <summary>A rule of a grammar as it was read.</summary>
internal sealed record GrammarRule(string Name, int Line, GrammarNode Body);
