using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Snapshots;

/// <summary>
/// The files of a snapshot, little-endian, each ending in the SHA-256 of all before it. A block: magic, layout, id, from, to, payload. A manifest: magic, layout, key, tokens,
/// tokens behind which there is a checkpoint, lineage, from which the ids of its blocks follow. The layout names the model's hash, the backend's release and the KV types: a file of another layout is never read.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>Bytes of a block's file before its payload.</summary>
    public const int BlockHeader = 8 + 16 + 16 + 4 + 4;

    /// <summary>Bytes of the checksum at the end of each file.</summary>
    public const int HashBytes = 32;

    /// <summary>Part of the layout's name: files of an older format are another layout's.</summary>
    private const string Version = "\nformat 2";
    private const int LineageBytes = 4 + 16;
    private static readonly byte[] BlockMagic = "HCKVBLK1"u8.ToArray();
    private static readonly byte[] ManifestMagic = "HCKVMAN2"u8.ToArray();

    /// <summary>First 16 bytes of the SHA-256 of a layout key and this format.</summary>
    public static byte[] LayoutHash(string layoutKey) => SHA256.HashData(Encoding.UTF8.GetBytes(layoutKey + Version))[..16];

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

    /// <summary>Is this the file of a block, whole and unchanged?</summary>
    public static bool IsBlock(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> checksum, byte[] layout, KvBlockId id, int from, int to)
    {
        Span<byte> expected = stackalloc byte[BlockHeader];
        BlockMagic.CopyTo(expected);
        layout.CopyTo(expected[8..]);
        BinaryPrimitives.WriteUInt128LittleEndian(expected[24..], id.Value);
        BinaryPrimitives.WriteInt32LittleEndian(expected[40..], from);
        BinaryPrimitives.WriteInt32LittleEndian(expected[44..], to);
        if (!header.SequenceEqual(expected))
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(payload);
        Span<byte> actual = stackalloc byte[HashBytes];
        hash.GetHashAndReset(actual);
        return actual.SequenceEqual(checksum);
    }

    public static byte[] Manifest(byte[] layout, string key, SnapshotState state)
    {
        var name = Encoding.UTF8.GetBytes(key);
        var (tokens, checkpoints, lineage) = (state.Tokens, state.Checkpoints, state.Lineage);
        var bytes = new byte[8 + 16 + 4 + name.Length + 4 + (4 * (tokens.Length + checkpoints.Length)) + LineageBytes + HashBytes];
        var at = bytes.AsSpan();
        ManifestMagic.CopyTo(at);
        layout.CopyTo(at[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(at[24..], name.Length);
        name.CopyTo(at[28..]);
        at = at[(28 + name.Length)..];
        BinaryPrimitives.WriteInt32LittleEndian(at, tokens.Length);
        MemoryMarshal.AsBytes(tokens.AsSpan()).CopyTo(at[4..]);
        at = at[(4 + (4 * tokens.Length))..];
        MemoryMarshal.AsBytes(checkpoints.AsSpan()).CopyTo(at);
        at = at[(4 * checkpoints.Length)..];
        BinaryPrimitives.WriteInt32LittleEndian(at, lineage.CleanLength);
        BinaryPrimitives.WriteUInt128LittleEndian(at[4..], lineage.Salt);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashBytes), bytes.AsSpan(bytes.Length - HashBytes));
        return bytes;
    }

    /// <summary>Key and state; null when anything does not match.</summary>
    public static (string Key, SnapshotState State)? ReadManifest(ReadOnlySpan<byte> file, byte[] layout)
    {
        if (file.Length < 8 + 16 + 4 + 4 + LineageBytes + HashBytes || !file[..8].SequenceEqual(ManifestMagic) || !file[8..24].SequenceEqual(layout) || !HashMatches(file))
        {
            return null;
        }

        var nameLength = BinaryPrimitives.ReadInt32LittleEndian(file[24..]);
        var name = Encoding.UTF8.GetString(file.Slice(28, nameLength));
        var rest = file[(28 + nameLength)..^HashBytes];
        var lineage = rest[^LineageBytes..];
        var numbers = MemoryMarshal.Cast<byte, int>(rest[4..^LineageBytes]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(rest);
        return (name, new SnapshotState(numbers[..count].ToArray(),
            new KvLineage(BinaryPrimitives.ReadInt32LittleEndian(lineage), BinaryPrimitives.ReadUInt128LittleEndian(lineage[4..])), numbers[count..].ToArray()));
    }

    private static bool HashMatches(ReadOnlySpan<byte> file)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(file[..^HashBytes], hash);
        return hash.SequenceEqual(file[^HashBytes..]);
    }
}
