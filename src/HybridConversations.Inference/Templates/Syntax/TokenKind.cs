namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    Text,
    Number,
    String,
    Name,
    OpenStatement,
    CloseStatement,
    OpenExpression,
    CloseExpression,
    Comment,

    /// <summary>An operator or a bracket; its text says which.</summary>
    Sign,

    /// <summary>A sign before a value, where no value stands to its left.</summary>
    Unary,
    End,
}
