using System.Text.RegularExpressions;

namespace HybridConversations.Http;

/// <summary>Text of a client on its way into the log: one line, bounded, with nothing that moves a terminal's cursor or the direction of writing.</summary>
internal static partial class LogText
{
    private const int MaxLength = 200;

    public static string Of(string? text)
    {
        text = KeyLike().Replace(text ?? "", "$1…");
        var shown = text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength), "…") : text;
        return shown.Any(IsUnsafe) ? string.Concat(shown.Select(character => IsUnsafe(character) ? '?' : character)) : shown;
    }

    /// <summary>What looks like a key of this server, or of a cloud.</summary>
    [GeneratedRegex("(hc_[A-Za-z0-9]{8}_|own_|sk-)[A-Za-z0-9_-]{8,}")]
    private static partial Regex KeyLike();

    private static bool IsUnsafe(char character) => char.IsControl(character) || character is >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
