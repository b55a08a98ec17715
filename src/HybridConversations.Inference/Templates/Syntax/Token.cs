namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>A token and its text, escapes resolved.</summary>
internal readonly record struct Token(TokenKind Kind, string Text);
