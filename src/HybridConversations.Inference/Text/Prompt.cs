namespace HybridConversations.Inference.Text;

/// <summary>A rendered prompt.</summary>
/// <param name="Tokens">Canonical tokens; at least one.</param>
/// <param name="HasLiteralControl">True when a person's words contain the text of a control token, which was read as plain text: its bytes then do not tell its tokens.</param>
public sealed record Prompt(int[] Tokens, bool HasLiteralControl = false)
{
    /// <summary>Its last characters, which say whether a thought is open.</summary>
    public string Tail { get; init; } = "";
}
