using System.Buffers;

namespace HybridConversations.Inference.Text;

/// <summary>Recognises "1." and "B." and "iv." at the beginning of a list's item.</summary>
internal static class ListMarker
{
    private static readonly SearchValues<char> Bullets = SearchValues.Create(" \t\r\u00A0-*_#>•([\"");

    /// <param name="word">What stands before the full stop.</param>
    /// <param name="before">The sentence before the word.</param>
    public static bool Is(ReadOnlySpan<char> word, ReadOnlySpan<char> before)
    {
        var begins = !before.ContainsAnyExcept(Bullets);
        var introduced = before.TrimEnd() is [.., ':' or ';'];
        return (begins || introduced) && (IsNumber(word) || (begins && (IsLetter(word) || IsRoman(word))));
    }

    private static bool IsNumber(ReadOnlySpan<char> word) => word.Length is > 0 and <= 3 && word.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsLetter(ReadOnlySpan<char> word) => word.Length == 1 && char.IsAsciiLetter(word[0]);

    private static bool IsRoman(ReadOnlySpan<char> word) => word.Length is > 0 and <= 4 && (word.IndexOfAnyExcept("ivx") < 0 || word.IndexOfAnyExcept("IVX") < 0);
}
