namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A parameter of a macro or a call block.</summary>
internal sealed record MacroParameter(string Name, Expression? Default);
