namespace HybridConversations.Routing;

/// <summary>What tells a wish from a question about it, or from its opposite, in one language: the words around it.</summary>
internal interface IWishGrammar
{
    /// <summary>Is what stands at <paramref name="start"/> meant in this mood, and not asked about or denied?</summary>
    bool IsMeant(WishMood mood, scoped in WordList words, int start);
}
