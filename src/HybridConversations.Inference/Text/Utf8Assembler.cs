using System.Buffers;
using System.Text;

namespace HybridConversations.Inference.Text;

/// <summary>
/// Makes whole characters of bytes that come in pieces: a token of a model may end in the middle of a character. What no character can begin with becomes
/// U+FFFD, one for each maximal invalid sequence, exactly as <see cref="Encoding.UTF8"/> does with the joined bytes. Not thread-safe; allocates only itself.
/// </summary>
public sealed class Utf8Assembler
{
    private const int LongestCharacter = 4;
    private readonly byte[] _pending = new byte[LongestCharacter];
    private int _count;

    /// <summary>Bytes that wait for the rest of their character, 0 to 3.</summary>
    public int Pending => _count;

    /// <summary>Bytes that <see cref="Push"/> may write for a piece of <paramref name="pieceBytes"/> bytes: each of them could be invalid and become three.</summary>
    public static int MaxOutput(int pieceBytes) => (pieceBytes + 1) * 3;

    /// <summary>Takes the next bytes and writes the characters that are whole now, as valid UTF-8.</summary>
    /// <param name="piece">Any bytes, also none.</param>
    /// <param name="destination">At least <see cref="MaxOutput"/> bytes; must not overlap <paramref name="piece"/>.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is too short; nothing was taken.</exception>
    public int Push(ReadOnlySpan<byte> piece, Span<byte> destination)
    {
        if (destination.Length < MaxOutput(piece.Length))
        {
            throw new ArgumentException($"A piece of {piece.Length} bytes needs {MaxOutput(piece.Length)} bytes of room, and there are {destination.Length}.", nameof(destination));
        }

        var written = 0;
        if (_count > 0)
        {
            written = Complete(ref piece, destination);
        }

        while (!piece.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(piece, out var rune, out var consumed);
            if (status == OperationStatus.NeedMoreData)
            {
                piece.CopyTo(_pending);
                _count = piece.Length;
                break;
            }

            written += rune.EncodeToUtf8(destination[written..]);
            piece = piece[consumed..];
        }

        return written;
    }

    /// <summary>Ends the text: a character that never became whole is written as U+FFFD. The assembler is as new afterwards.</summary>
    /// <param name="destination">At least 3 bytes.</param>
    /// <returns>Bytes written, 0 or 3.</returns>
    public int Flush(Span<byte> destination)
    {
        if (_count == 0)
        {
            return 0;
        }

        _count = 0;
        return Rune.ReplacementChar.EncodeToUtf8(destination);
    }

    private int Complete(ref ReadOnlySpan<byte> piece, Span<byte> destination)
    {
        var taken = Math.Min(piece.Length, LongestCharacter - _count);
        piece[..taken].CopyTo(_pending.AsSpan(_count));
        var joined = _pending.AsSpan(0, _count + taken);
        var status = Rune.DecodeFromUtf8(joined, out var rune, out var consumed);
        if (status == OperationStatus.NeedMoreData)
        {
            piece = piece[taken..];
            _count = joined.Length;
            return 0;
        }

        // What was pending began a valid character, so an invalid sequence ends behind it, never inside: nothing old is left over.
        piece = piece[(consumed - _count)..];
        _count = 0;
        return rune.EncodeToUtf8(destination);
    }
}
