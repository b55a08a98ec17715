namespace HybridConversations;

/// <summary>A device that tells how its model cuts text into tokens. Thread-safe, and never waits behind inference.</summary>
public interface ITokenizer
{
    /// <summary>The model's own chat template (Jinja); null where it has none.</summary>
    string? ChatTemplate { get; }

    /// <summary>Tokens of a text.</summary>
    /// <param name="text">At most <see cref="Limits.MaxTurnCharacters"/> characters.</param>
    /// <param name="begin">Add what the model wants at the start of a prompt.</param>
    /// <param name="parseControl">Read the texts of control tokens as what they are.</param>
    IReadOnlyList<int> Tokenize(string text, bool begin, bool parseControl);

    /// <summary>Text of tokens; what is part of a character only becomes U+FFFD.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: there is no such token.</exception>
    string Detokenize(IReadOnlyList<int> tokens);
}
