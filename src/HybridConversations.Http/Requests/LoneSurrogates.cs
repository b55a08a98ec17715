using System.Buffers.Text;

namespace HybridConversations.Http.Requests;

/// <summary>
/// Finds escapes of half a surrogate pair (<c>"\ud800"</c>) anywhere in a JSON text, names included. JSON allows them and Unicode does not: .NET's reader throws on them
/// wherever it happens to look, so they are refused before anyone does.
/// </summary>
internal static class LoneSurrogates
{
    /// <returns>Index of the escape's backslash; −1 when every escape stands for a character. What is no JSON is left to its parser.</returns>
    public static int IndexIn(ReadOnlySpan<byte> json)
    {
        for (var at = 0; at < json.Length;)
        {
            var backslash = json[at..].IndexOf((byte)'\\');
            if (backslash < 0)
            {
                return -1;
            }

            at += backslash;
            if (!TryReadUnit(json[at..], out var unit) || !char.IsSurrogate(unit))
            {
                at += 2;
                continue;
            }

            if (!char.IsHighSurrogate(unit) || !TryReadUnit(json[(at + 6)..], out var second) || !char.IsLowSurrogate(second))
            {
                return at;
            }

            at += 12;
        }

        return -1;
    }

    /// <summary>Reads <c>\uXXXX</c>.</summary>
    private static bool TryReadUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (!escape.StartsWith("\\u"u8) || escape.Length < 6
            || !Utf8Parser.TryParse(escape[2..6], out ushort value, out var read, 'x') || read != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
