using System.Buffers.Binary;
using System.Text;

namespace HybridConversations.Inference.Models;

/// <summary>
/// Reads little-endian values from the start of a model file and never beyond <see cref="MaxHeaderBytes"/>, whatever lengths the file claims: a length is
/// compared with what is left before anything is allocated or skipped.
/// </summary>
internal sealed class GgufReader(Stream stream, string path)
{
    public const long MaxHeaderBytes = 256L << 20;
    public const int MaxArrayElements = 1 << 24;

    /// <summary>FNV-1a of no bytes.</summary>
    public const ulong EmptyHash = 14695981039346656037;

    private const int MaxTextBytes = 4 << 20;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private long _position;

    public long FileBytes { get; } = stream.Length;
    public long Position => _position;

    public ModelFileException Damaged(string what) => new(path, $"{what} (at byte {_position}). The file is damaged or not a GGUF model: download it again and compare its SHA-256.");

    public byte Byte() => Take(1)[0];
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A length-prefixed string of at most <paramref name="maxBytes"/> bytes.</summary>
    public string Text(string what, int maxBytes = MaxTextBytes)
    {
        var length = UInt64();
        if (length > (ulong)maxBytes)
        {
            throw Damaged($"{what} claims {length} bytes of text, at most {maxBytes} are allowed");
        }

        var bytes = new byte[length <= (ulong)Left ? (int)length : throw Damaged($"{what} claims {length} bytes of text where {Left} are left")];
        for (var at = 0; at < bytes.Length;)
        {
            var part = Take(Math.Min(bytes.Length - at, _buffer.Length));
            part.CopyTo(bytes.AsSpan(at));
            at += part.Length;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Passes over a string; gives its length in bytes, and a hash (FNV-1a) of its bytes up to the first NUL.</summary>
    public int SkipText(string what, out ulong hash)
    {
        hash = EmptyHash;
        var length = UInt64();
        if (length > MaxTextBytes)
        {
            throw Damaged($"{what} claims {length} bytes of text, at most {MaxTextBytes} are allowed");
        }

        var ended = false;
        for (var rest = (int)length; rest > 0;)
        {
            var part = Take(Math.Min(rest, _buffer.Length));
            rest -= part.Length;
            foreach (var value in part)
            {
                ended |= value == 0;
                hash = ended ? hash : Extend(hash, value);
            }
        }

        return (int)length;
    }

    public static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = EmptyHash;
        foreach (var value in text)
        {
            hash = Extend(hash, value);
        }

        return hash;
    }

    /// <summary>Number of elements of an array whose elements have at least <paramref name="elementBytes"/> bytes.</summary>
    public int Count(string what, int elementBytes)
    {
        var count = UInt64();
        return count <= MaxArrayElements && (long)count * elementBytes <= Left ? (int)count
            : throw Damaged($"{what} claims {count} elements, at most {Math.Min(MaxArrayElements, Left / elementBytes)} fit");
    }

    private static ulong Extend(ulong hash, byte value) => (hash ^ value) * 1099511628211;

    private long Left => Math.Min(FileBytes, MaxHeaderBytes) - _position;

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > Left)
        {
            throw Damaged(FileBytes < MaxHeaderBytes ? "the file ends inside its header" : $"the header is longer than {MaxHeaderBytes >> 20} MiB");
        }

        while (_end - _start < bytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read > 0 ? read : throw Damaged("the file became shorter while it was read");
        }

        _start += bytes;
        _position += bytes;
        return _buffer.AsSpan(_start - bytes, bytes);
    }
}
