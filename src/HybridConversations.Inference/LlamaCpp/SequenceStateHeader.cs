using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// What stands before llama.cpp's own sequence state, which names neither its model nor its length: a mark, the layout it was saved with, the last
/// position and the length of what follows. Foreign and truncated states are refused by it; flipped bits are not seen.
/// </summary>
internal sealed class SequenceStateHeader(string layoutKey)
{
    public const int Bytes = 32;
    private const uint Mark = 0x31564B48; // "HKV1"
    private readonly byte[] _layout = SHA256.HashData(Encoding.UTF8.GetBytes(layoutKey))[..16];

    public void Write(Span<byte> destination, int maxPosition, long length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Mark);
        _layout.CopyTo(destination[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], maxPosition);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], length);
    }

    /// <summary>Is this a whole state of this layout? If so, its last position is given.</summary>
    public bool TryRead(ReadOnlySpan<byte> source, out int maxPosition)
    {
        var fits = source.Length > Bytes && BinaryPrimitives.ReadUInt32LittleEndian(source) == Mark && source[4..20].SequenceEqual(_layout)
            && BinaryPrimitives.ReadInt64LittleEndian(source[24..]) == source.Length - Bytes;
        maxPosition = fits ? BinaryPrimitives.ReadInt32LittleEndian(source[20..]) : -1;
        return fits;
    }
}
