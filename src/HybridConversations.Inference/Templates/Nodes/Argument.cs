namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>One argument of a call.</summary>
internal sealed record Argument(ArgumentKind Kind, string? Name, Expression Value);
