using System.Runtime.InteropServices;

namespace HybridConversations.Inference.LlamaCpp;

// C structs that are the same in every release a backend brings.

/// <summary><c>llama_batch</c>, 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaBatch
{
    public int Count;
    public int* Tokens;
    public float* Embeddings;
    public int* Positions;
    public int* SequenceCounts;
    public int** Sequences;
    public sbyte* Logits;
}
