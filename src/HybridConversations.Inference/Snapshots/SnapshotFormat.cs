using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Inference.KvCache;

namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// The files of a snapshot, little-endian, each ending in the SHA-256 of all before it. A block: magic, layout, id, from, to, payload. A manifest: magic, layout, key, tokens,
/// from which the ids of its blocks follow. The layout names the model's hash, the backend's release and the KV types: a file of another layout is never read.
/// </summary>
internal static class SnapshotFormat
{
    private const int HashBytes = 32;
    private const int BlockHeader = 8 + 16 + 16 + 4 + 4;
    private static readonly byte[] BlockMagic = "HCKVBLK1"u8.ToArray();
    private static readonly byte[] ManifestMagic = "HCKVMAN1"u8.ToArray();

    /// <summary>First 16 bytes of the SHA-256 of a layout key.</summary>
    public static byte[] LayoutHash(string layoutKey) => SHA256.HashData(Encoding.UTF8.GetBytes(layoutKey))[..16];

    public static void WriteBlock(Stream stream, byte[] layout, KvBlock block)
    {
        Span<byte> header = stackalloc byte[BlockHeader];
        BlockMagic.CopyTo(header);
        layout.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt128LittleEndian(header[24..], block.Id.Value);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], block.From);
        BinaryPrimitives.WriteInt32LittleEndian(header[44..], block.To);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(block.Bytes.Span);
        stream.Write(header);
        stream.Write(block.Bytes.Span);
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Payload's place in a block file; null when anything does not match.</summary>
    public static Range? CheckBlock(ReadOnlySpan<byte> file, byte[] layout, KvBlockId id, int from, int to)
    {
        Span<byte> expected = stackalloc byte[BlockHeader];
        BlockMagic.CopyTo(expected);
        layout.CopyTo(expected[8..]);
        BinaryPrimitives.WriteUInt128LittleEndian(expected[24..], id.Value);
        BinaryPrimitives.WriteInt32LittleEndian(expected[40..], from);
        BinaryPrimitives.WriteInt32LittleEndian(expected[44..], to);
        return file.Length > BlockHeader + HashBytes && file[..BlockHeader].SequenceEqual(expected) && HashMatches(file) ? BlockHeader..(file.Length - HashBytes) : null;
    }

    public static byte[] Manifest(byte[] layout, string key, ReadOnlySpan<int> tokens)
    {
        var name = Encoding.UTF8.GetBytes(key);
        var bytes = new byte[8 + 16 + 4 + name.Length + 4 + (4 * tokens.Length) + HashBytes];
        var at = bytes.AsSpan();
        ManifestMagic.CopyTo(at);
        layout.CopyTo(at[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(at[24..], name.Length);
        name.CopyTo(at[28..]);
        at = at[(28 + name.Length)..];
        BinaryPrimitives.WriteInt32LittleEndian(at, tokens.Length);
        MemoryMarshal.AsBytes(tokens).CopyTo(at[4..]);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        return bytes;
    }

    /// <summary>Key and tokens; null when anything does not match.</summary>
    public static (string Key, int[] Tokens)? ReadManifest(ReadOnlySpan<byte> file, byte[] layout)
    {
        if (file.Length < 8 + 16 + 4 + 4 + HashBytes || !file[..8].SequenceEqual(ManifestMagic) || !file[8..24].SequenceEqual(layout) || !HashMatches(file))
        {
            return null;
        }

        var nameLength = BinaryPrimitives.ReadInt32LittleEndian(file[24..]);
        var name = Encoding.UTF8.GetString(file.Slice(28, nameLength));
        var rest = file[(28 + nameLength)..^HashBytes];
        return (name, MemoryMarshal.Cast<byte, int>(rest[4..]).ToArray());
    }

    private static bool HashMatches(ReadOnlySpan<byte> file)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(file[..^HashBytes], hash);
        return hash.SequenceEqual(file[^HashBytes..]);
    }
}
