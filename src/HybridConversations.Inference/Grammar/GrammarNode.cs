namespace HybridConversations.Inference.Grammar;

/// <summary>A grammar's expression as it was read, before anything is written out.</summary>
internal abstract record GrammarNode
{
    /// <summary>One character of a set.</summary>
    public sealed record Character(CodePointSet Set) : GrammarNode;

    /// <summary>One after the other; none is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<GrammarNode> Items) : GrammarNode;

    public sealed record Choice(IReadOnlyList<GrammarNode> Options) : GrammarNode;

    /// <param name="Item">What is repeated.</param>
    /// <param name="Min">From 0.</param>
    /// <param name="Max">Not below <paramref name="Min"/>; null for any number.</param>
    public sealed record Repeat(GrammarNode Item, int Min, int? Max) : GrammarNode;

    /// <param name="Name">A rule's name; the rule may come later in the text.</param>
    /// <param name="Line">Where it is used, for messages.</param>
    public sealed record Rule(string Name, int Line) : GrammarNode;
}
