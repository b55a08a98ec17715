using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace HybridConversations.Cloud;

/// <summary>
/// Joins characters that an endpoint has cut in two between one chunk and the next. A server that hands out a token's bytes as they come ends a chunk
/// with half an emoji, as bytes that are no UTF-8 or as an escaped surrogate without its other half; the SDK gives the whole reply up at either. The
/// half is held back until the next chunk brings the rest. What never becomes a character is U+FFFD, and half a one at the reply's end is left out.
/// </summary>
internal sealed class SplitCharacters
{
    private const int EscapeLength = 6;
    private static ReadOnlySpan<byte> Data => "data:"u8;
    private static ReadOnlySpan<byte> Content => "content"u8;
    private static ReadOnlySpan<byte> Arguments => "arguments"u8;
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;
    private readonly ArrayBufferWriter<byte> _mended = new();
    private byte[] _held = [];
    private byte[] _heldArguments = [];

    /// <summary>The line as it should have been, valid until the next call; the line itself where nothing is wrong with it.</summary>
    /// <param name="line">One line of the event stream, its end included or not.</param>
    public ReadOnlySpan<byte> Mend(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Data) || (_held.Length == 0 && _heldArguments.Length == 0 && IsSound(line)))
        {
            return line;
        }

        try
        {
            _mended.ResetWrittenCount();
            Rewrite(line);
            return _mended.WrittenSpan;
        }
        catch (JsonException)
        {
            // "[DONE]", or what the SDK will complain of better.
            return line;
        }
    }

    /// <summary>True when nothing in the line can be half a character. Escaped pairs are looked at closer.</summary>
    private static bool IsSound(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            return false;
        }

        for (var at = line.IndexOf("\\u"u8); at >= 0; at = line.IndexOf("\\u"u8))
        {
            line = line[(at + 2)..];
            if (line.Length > 0 && line[0] is (byte)'d' or (byte)'D')
            {
                return false;
            }
        }

        return true;
    }

    private void Rewrite(ReadOnlySpan<byte> line)
    {
        var json = line[Data.Length..];
        _mended.Write(Data);
        var reader = new Utf8JsonReader(json);
        var written = 0;
        var content = false;
        var arguments = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                content = reader.ValueSpan.SequenceEqual(Content);
                arguments = reader.ValueSpan.SequenceEqual(Arguments);
            }

            if (reader.TokenType != JsonTokenType.String)
            {
                continue;
            }

            var start = (int)reader.TokenStartIndex + 1;
            _mended.Write(json[written..start]);
            if (content)
            {
                _held = Mend([.. _held, .. reader.ValueSpan], mayGoOn: true).ToArray();
            }
            else if (arguments)
            {
                _heldArguments = Mend([.. _heldArguments, .. reader.ValueSpan], mayGoOn: true).ToArray();
            }
            else
            {
                Mend(reader.ValueSpan, mayGoOn: false);
            }

            written = start + reader.ValueSpan.Length;
        }

        _mended.Write(json[written..]);
    }

    /// <summary>Writes a string's text, as it stands between its quotes, with whole characters only. Returns the half at its end.</summary>
    private ReadOnlySpan<byte> Mend(ReadOnlySpan<byte> text, bool mayGoOn)
    {
        while (text.Length > 0)
        {
            var (length, whole) = Next(text);
            if (length == 0)
            {
                if (mayGoOn)
                {
                    return text;
                }

                (length, whole) = (text.Length, false);
            }

            _mended.Write(whole ? text[..length] : Replacement);
            text = text[length..];
        }

        return [];
    }

    /// <summary>The next character's bytes, and whether it is one; length 0 when the text ends within it.</summary>
    private static (int Length, bool Whole) Next(ReadOnlySpan<byte> text)
    {
        if (text[0] != (byte)'\\')
        {
            var status = Rune.DecodeFromUtf8(text, out _, out var length);
            return status == OperationStatus.NeedMoreData ? (0, false) : (length, status == OperationStatus.Done);
        }

        if (Unit(text) is not { } unit)
        {
            return (Math.Min(2, text.Length), true);
        }

        if (!char.IsSurrogate(unit))
        {
            return (EscapeLength, true);
        }

        if (char.IsLowSurrogate(unit))
        {
            return (EscapeLength, false);
        }

        var rest = text[EscapeLength..];
        return rest.Length == 0 ? (0, false) : Unit(rest) is { } low && char.IsLowSurrogate(low) ? (2 * EscapeLength, true) : (EscapeLength, false);
    }

    /// <summary>What <c>\uXXXX</c> stands for; null where the text begins with something else.</summary>
    private static char? Unit(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == (byte)'\\' && text[1] == (byte)'u' && ushort.TryParse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, null, out var unit)
            ? (char)unit : null;
}
