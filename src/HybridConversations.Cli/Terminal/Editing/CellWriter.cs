using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console.Rendering;

namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>
/// Mends what the line editor draws where characters are not one cell wide: it counts UTF-16 units, terminals count cells. A line that it draws ends with the column of the
/// cursor; that column is counted anew, and blanks that only fill the line up are left out.
/// </summary>
internal sealed partial class CellWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value) => inner.Write(value is null || !value.Contains('\e') ? value : Line().Replace(value, Mend));

    public override void Flush() => inner.Flush();

    /// <summary>The cells that a text takes.</summary>
    internal static int Cells(string text) => new Segment(text).CellCount();

    private static string Mend(Match line)
    {
        var drawn = line.Groups["text"].Value;
        var plain = Style().Replace(drawn, "");
        var at = Math.Clamp(int.Parse(line.Groups["column"].ValueSpan) - 1, 0, plain.Length);
        return $"\e[1G{drawn.TrimEnd(' ')}\e[{Cells(plain[..at]) + 1}G";
    }

    [GeneratedRegex(@"\e\[1G(?<text>(\e\[[0-9;]*m|[^\e\r\n])+)\e\[(?<column>\d+)G", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"\e\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Style();
}
