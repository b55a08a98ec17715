namespace HybridConversations.Http;

/// <summary>Text of a client on its way into the log: one line, bounded, with nothing that moves a terminal's cursor or the direction of writing.</summary>
internal static class LogText
{
    private const int MaxLength = 200;

    public static string Of(string? text)
    {
        text ??= "";
        var shown = text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength), "…") : text;
        return shown.Any(IsUnsafe) ? string.Concat(shown.Select(character => IsUnsafe(character) ? '?' : character)) : shown;
    }

    private static bool IsUnsafe(char character) => char.IsControl(character) || character is >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
