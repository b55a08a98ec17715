namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>What came of asking a person for a message.</summary>
/// <param name="Text">The message; null when the line was given up.</param>
/// <param name="Leaves">The person wants to leave.</param>
internal sealed record TypedLine(string? Text, bool Leaves)
{
    public static TypedLine Cleared { get; } = new(null, false);

    public static TypedLine Left { get; } = new(null, true);
}
