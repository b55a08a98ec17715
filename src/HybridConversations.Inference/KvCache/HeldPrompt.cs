using System.Buffers;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Finds the tokens a slot holds for the same text. A reply is kept as it was sampled, and reading its text again can give other tokens
/// (a word split elsewhere): comparing tokens alone would then throw away everything behind it.
/// </summary>
internal static class HeldPrompt
{
    private const int WorthIt = 16;

    /// <summary>
    /// The prompt with its beginning replaced by held tokens of the same bytes; null when that gains fewer than 16 tokens over
    /// the common prefix of <paramref name="common"/> tokens.
    /// </summary>
    public static int[]? Align(ReadOnlySpan<int> held, ReadOnlySpan<int> prompt, int common, IModelBackend backend)
    {
        if (held.Length - common <= WorthIt || common == prompt.Length)
        {
            return null;
        }

        var rest = new ArrayBufferWriter<byte>(4 * (prompt.Length - common));
        foreach (var token in prompt[common..])
        {
            rest.Advance(Piece(backend, token, rest));
        }

        var bytes = rest.WrittenSpan;
        Span<byte> piece = stackalloc byte[512];
        var (at, wholeAt, tokens) = (0, 0, 0);
        for (var i = common; i < held.Length; i++)
        {
            var length = backend.TokenToPiece(held[i], piece);
            if (length <= 0 || !bytes[at..].StartsWith(piece[..length]))
            {
                break;
            }

            at += length;
            // Only where a character ends can the rest be read as text, and where a space is put before each text only behind a control token, where the prompt's own tokens begin anew.
            if (at == bytes.Length || ((bytes[at] & 0xC0) != 0x80 && (!backend.Info.AddsSpacePrefix || backend.IsControl(held[i]))))
            {
                (wholeAt, tokens) = (at, i + 1 - common);
            }
        }

        if (tokens <= WorthIt)
        {
            return null;
        }

        if (TokenAt(prompt[common..], wholeAt, backend) is { } behind)
        {
            return [.. held[..(common + tokens)], .. prompt[(common + behind)..]];
        }

        var tail = backend.Tokenize(Encoding.UTF8.GetString(bytes[wholeAt..]), addSpecial: false, parseSpecial: true);
        return [.. held[..(common + tokens)], .. tail];
    }

    /// <summary>The token that begins at a byte; null where none does.</summary>
    private static int? TokenAt(ReadOnlySpan<int> tokens, int at, IModelBackend backend)
    {
        Span<byte> piece = stackalloc byte[512];
        var token = 0;
        for (var from = 0; from < at && token < tokens.Length; token++)
        {
            from += Math.Abs(backend.TokenToPiece(tokens[token], piece));
            if (from > at)
            {
                return null;
            }
        }

        return token;
    }

    private static int Piece(IModelBackend backend, int token, ArrayBufferWriter<byte> writer)
    {
        var length = backend.TokenToPiece(token, writer.GetSpan(512));
        return length >= 0 ? length : backend.TokenToPiece(token, writer.GetSpan(-length));
    }
}
