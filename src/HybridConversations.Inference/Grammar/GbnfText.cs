using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Grammar;

/// <summary>Writes the terminals of GBNF, llama.cpp's grammar notation.</summary>
internal static class GbnfText
{
    /// <summary>A literal, quoted and escaped.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"", text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => literal.Append("\\\""),
                '\\' => literal.Append("\\\\"),
                < ' ' or '\x7F' => literal.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A character class of inclusive ranges of code points.</summary>
    public static string Class(IEnumerable<(int From, int To)> ranges)
    {
        var text = new StringBuilder("[");
        foreach (var (from, to) in ranges)
        {
            text.Append(Character(from));
            if (to > from)
            {
                text.Append('-').Append(Character(to));
            }
        }

        return text.Append(']').ToString();
    }

    public static string Alternatives(IReadOnlyList<string> alternatives) =>
        alternatives.Count == 1 ? alternatives[0] : $"({string.Join(" | ", alternatives)})";

    private static string Character(int value) => value switch
    {
        _ when value < 128 && char.IsAsciiLetterOrDigit((char)value) => ((char)value).ToString(),
        < 0x100 => $"\\x{value:X2}",
        < 0x10000 => $"\\u{value:X4}",
        _ => $"\\U{value:X8}",
    };
}
