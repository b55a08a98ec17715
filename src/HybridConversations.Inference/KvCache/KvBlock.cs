using System.Buffers;

namespace HybridConversations.Inference.KvCache;

/// <summary>The saved KV of a run of tokens, in pooled host memory, reference-counted between parked states and pending writes. Immutable once filled.</summary>
internal sealed class KvBlock(KvBlockId id, int from, int to, byte[] buffer, int length)
{
    private int _references = 1;

    public KvBlockId Id { get; } = id;

    /// <summary>First position.</summary>
    public int From { get; } = from;

    /// <summary>Position behind the last.</summary>
    public int To { get; } = to;
    public int Length { get; } = length;
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
