using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// What a state was computed with. Up to <paramref name="CleanLength"/> nothing was in view but the tokens before: that may be shared with whoever asks for the same tokens.
/// Beyond it a middle that was dropped since was in view too: that belongs to its conversation alone, and is saved under ids that no other prompt leads to.
/// </summary>
/// <param name="CleanLength">Tokens from the start on.</param>
/// <param name="Salt">Names what was dropped, and from where; 0 when nothing was.</param>
/// <param name="Realm">Whose it is: no other realm's prompt finds it (<see cref="KvRealm"/>).</param>
internal readonly record struct KvLineage(int CleanLength, UInt128 Salt, KvRealm Realm = default)
{
    /// <summary>Nothing was dropped.</summary>
    public static KvLineage Clean { get; } = new(int.MaxValue, 0);

    public bool IsClean => Salt == 0;

    /// <summary>The lineage after [from, to) was cut out of these tokens: it depends on all of them.</summary>
    public KvLineage CutOut(ReadOnlySpan<int> tokens, int from, int to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Salt);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], CleanLength);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], from);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], to);
        hash.AppendData(bytes[..28]);
        hash.AppendData(MemoryMarshal.AsBytes(tokens));
        hash.GetHashAndReset(bytes);
        return new KvLineage(Math.Min(CleanLength, from), BinaryPrimitives.ReadUInt128LittleEndian(bytes) | 1, Realm);
    }

    /// <summary>The lineage of the first <paramref name="length"/> tokens.</summary>
    public KvLineage Of(int length) => length <= CleanLength ? Clean with { Realm = Realm } : this;
}
