namespace HybridConversations.Routing;

/// <summary>What tells a wish from a question about it, or from its opposite, in one language: the words around it.</summary>
internal interface IWishGrammar
{
    /// <summary>Is what stands from <paramref name="start"/> to before <paramref name="end"/> meant in this mood, and not asked about or denied?</summary>
    bool IsMeant(WishMood mood, scoped in WordList words, int start, int end);

    /// <summary>Is it told of somebody, or quoted, by the words before <paramref name="start"/>: "my friend said this is no longer private"?</summary>
    bool IsReported(scoped in WordList words, int start) => false;
}
