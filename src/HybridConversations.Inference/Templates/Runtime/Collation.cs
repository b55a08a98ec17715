namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>
/// The order in which the oracle sorts keys (<c>localeCompare</c>), for ASCII: signs, then digits, then letters whatever their case, then small before capital.
/// What is not ASCII comes behind, by code.
/// </summary>
internal sealed class Collation : IComparer<string>
{
    public static readonly Collation Instance = new();

    // Unicode's root collation for the signs of ASCII.
    private const string Signs = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Weights(x ?? ""), Weights(y ?? ""));
        var primary = left.AsSpan().SequenceCompareTo(right);
        return primary != 0 ? primary : Cases(x ?? "").AsSpan().SequenceCompareTo(Cases(y ?? ""));
    }

    private static int[] Weights(string text) => [.. text.Select(Weight).Where(weight => weight > 0)];

    private static int[] Cases(string text) => [.. text.Where(character => Weight(character) > 0).Select(character => char.IsAsciiLetterUpper(character) ? 1 : 0)];

    /// <summary>Control characters weigh nothing.</summary>
    private static int Weight(char character) => Signs.IndexOf(character, StringComparison.Ordinal) is >= 0 and var sign ? 1 + sign
        : char.IsAsciiDigit(character) ? 100 + character
        : char.IsAsciiLetter(character) ? 200 + char.ToLowerInvariant(character)
        : character < ' ' || character == '\x7f' ? 0
        : 1000 + character;
}
