using System.Runtime.CompilerServices;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The arrays of a <c>llama_batch</c>, pinned for good and refilled for every decode: no allocation on the token path.</summary>
internal sealed unsafe class LlamaBatchBuffer
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequences;
    private readonly sbyte[] _logits;

    // Every row belongs to exactly one sequence, so these never change: the count 1, and the address of the row's entry in _sequences.
    private readonly int[] _counts;
    private readonly nint[] _sequencePointers;

    public LlamaBatchBuffer(int capacity)
    {
        _tokens = Pinned<int>(capacity);
        _positions = Pinned<int>(capacity);
        _sequences = Pinned<int>(capacity);
        _logits = Pinned<sbyte>(capacity);
        _counts = Pinned<int>(capacity);
        _sequencePointers = Pinned<nint>(capacity);
        _counts.AsSpan().Fill(1);
        for (var row = 0; row < capacity; row++)
        {
            _sequencePointers[row] = (nint)Unsafe.AsPointer(ref _sequences[row]);
        }
    }

    /// <summary>The native view of some rows of <paramref name="batch"/>; valid until the next call.</summary>
    public LlamaBatch Fill(TokenBatch batch, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            (_tokens[i], _positions[i], _sequences[i]) = (batch.Tokens[row], batch.Positions[row], batch.Sequences[row]);
            _logits[i] = batch.WantsLogits[row] ? (sbyte)1 : (sbyte)0;
        }

        return new LlamaBatch
        {
            Count = rows.Length,
            Tokens = Address(_tokens),
            Positions = Address(_positions),
            SequenceCounts = Address(_counts),
            Sequences = (int**)Address(_sequencePointers),
            Logits = Address(_logits),
        };
    }

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    private static T* Address<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref pinned[0]);
}
