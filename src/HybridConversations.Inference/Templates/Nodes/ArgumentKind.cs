namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>How an argument is given.</summary>
internal enum ArgumentKind
{
    Positional,

    /// <summary><c>name=value</c>.</summary>
    Keyword,

    /// <summary><c>*list</c>.</summary>
    Spread,

    /// <summary><c>**mapping</c>.</summary>
    KeywordSpread,
}
