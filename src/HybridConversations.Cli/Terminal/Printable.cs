namespace HybridConversations.Cli.Terminal;

/// <summary>Text for a terminal: control characters but line breaks and tabs are left out, so that a reply cannot steer it.</summary>
internal static class Printable
{
    public static string Of(string text) => text.Any(IsControl) ? new string([.. text.Where(character => !IsControl(character))]) : text;

    private static bool IsControl(char character) => char.IsControl(character) && character is not ('\n' or '\r' or '\t');
}
