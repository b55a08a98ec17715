namespace HybridConversations.Inference.Models;

/// <summary>One tensor of a model file.</summary>
/// <param name="Name">E.g. <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">How its weights are stored.</param>
/// <param name="Dimensions">One to four sizes, the fastest-running first.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Bytes">Bytes of its data.</param>
public sealed record GgufTensor(string Name, GgufTensorType Type, IReadOnlyList<long> Dimensions, long Offset, long Bytes)
{
    /// <summary>Number of weights.</summary>
    public long Elements => Dimensions.Aggregate(1L, (product, size) => product * size);
}
