using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// Names the KV of a run of tokens by everything it depends on: all tokens from the start to the run's end. Equal ids are interchangeable within one
/// layout, so conversations with a common beginning share its blocks (the block hash chain of vLLM's prefix cache).
/// </summary>
internal readonly record struct KvBlockId(UInt128 Value)
{
    /// <summary>Tokens of a whole block; the last block of a state may be shorter.</summary>
    public const int BlockTokens = 128;

    /// <summary>The id of the block that follows <paramref name="before"/> with these tokens, at most <see cref="BlockTokens"/>.</summary>
    public static KvBlockId Next(KvBlockId before, ReadOnlySpan<int> tokens)
    {
        const int Id = 16;
        Span<byte> bytes = stackalloc byte[Id + (sizeof(int) * BlockTokens)];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, before.Value);
        MemoryMarshal.AsBytes(tokens).CopyTo(bytes[Id..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(Id + (sizeof(int) * tokens.Length))], hash);
        return new KvBlockId(BinaryPrimitives.ReadUInt128LittleEndian(hash));
    }

    /// <summary>Ids of all blocks of a token list, the last one perhaps short.</summary>
    public static KvBlockId[] Chain(ReadOnlySpan<int> tokens) => Chain(tokens, KvLineage.Clean);

    /// <summary>Ids of all blocks of a state. A block that ends behind what is clean has one that depends on what was dropped, too.</summary>
    public static KvBlockId[] Chain(ReadOnlySpan<int> tokens, KvLineage lineage)
    {
        var ids = new KvBlockId[(tokens.Length + BlockTokens - 1) / BlockTokens];
        KvBlockId before = default;
        for (var i = 0; i < ids.Length; i++)
        {
            var block = tokens.Slice(i * BlockTokens, Math.Min(BlockTokens, tokens.Length - (i * BlockTokens)));
            var isPrivate = (i * BlockTokens) + block.Length > lineage.CleanLength;
            ids[i] = before = Next(isPrivate ? new KvBlockId(before.Value ^ lineage.Salt) : before, block);
        }

        return ids;
    }

    /// <summary>The id of the running state behind all of these tokens.</summary>
    public static KvBlockId Checkpoint(ReadOnlySpan<int> tokens) => Next(Chain(tokens)[^1], [-1]);

    /// <summary>Ids of all parts of a saved state: its blocks, then its checkpoints.</summary>
    public static KvBlockId[] Parts(int[] tokens, KvLineage lineage, IReadOnlyList<int> checkpoints) =>
        checkpoints.Count == 0 ? Chain(tokens, lineage) : [.. Chain(tokens, lineage), .. checkpoints.Select(at => Checkpoint(tokens.AsSpan(0, at)))];

    public override string ToString() => Value.ToString("x32");
}
