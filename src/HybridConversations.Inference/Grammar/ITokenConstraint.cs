namespace HybridConversations.Inference.Grammar;

/// <summary>What a reply must look like, token by token. Belongs to one generation and the engine's thread.</summary>
internal interface ITokenConstraint
{
    /// <summary>Nothing but the end can come.</summary>
    bool IsEnd { get; }

    /// <summary>Units of work so far, see <see cref="GrammarWork"/>.</summary>
    long Work { get; }

    /// <summary>May this token come next?</summary>
    bool Allows(int token);

    /// <summary>Sets the logits of all tokens that may not come next to −∞.</summary>
    void Mask(Span<float> logits);

    /// <summary>Records that the token came.</summary>
    void Accept(int token);
}
