using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Models;

namespace HybridConversations.Inference.Tests.Backends;

/// <summary>
/// How far logits of the same tokens may lie apart when they were computed in another order: by kernels for one row or for many, in batches of other widths, with the cells elsewhere.
/// It follows from the arithmetic, so that it holds on every processor, whose kernels all add up in orders of their own:
/// <list type="number">
/// <item>Every product with quantised weights rounds its input to 8 bits, 127 steps to the greatest of a block of 32. The error of a value is evenly spread over half a step, so the block's
/// is at most √32 / (127 √12) of its length (it is that when one value holds all of it). A sum that was added up in another order may put a value on the other side of a step, and from
/// there on all later roundings differ: two ways have √2 of it between them.</item>
/// <item>A token passes four such roundings in each layer (before q, k and v; the attention's output; up and gate; down) and one at the end. They know nothing of each other, so their squares add up.</item>
/// <item>Flash attention sums the values of all cells in half precision: each addition rounds by up to 2⁻¹¹, so n of them by √n of that over √12. Keys and values in 8 bits are two more roundings.</item>
/// <item>Twice that, because a token also hears the noise of those before it.</item>
/// </list>
/// </summary>
internal static class KernelNoise
{
    /// <summary>More cells than any test that compares has.</summary>
    private const int MostCells = 1024;

    private const double HalfPrecision = 1.0 / 2048;

    /// <summary>Root mean square of the differences, at most, in standard deviations of the logits.</summary>
    public static float Of(BackendOptions options)
    {
        var layers = GgufFile.Read(options.ModelPath).Number("block_count") ?? throw new InvalidOperationException($"{options.ModelPath} does not say how many layers it has.");
        var eightBits = Square(Math.Sqrt(2) * Math.Sqrt(32) / (127 * Math.Sqrt(12)));
        var halfSums = options.FlashAttention == FlashAttention.Off ? 0 : Square(Math.Sqrt(2) * HalfPrecision * Math.Sqrt(MostCells / 12.0));
        var roundings = options.KvType == KvType.Q8_0 ? 6 : 4;
        return (float)(2 * Math.Sqrt((eightBits * ((roundings * layers) + 1)) + (halfSums * layers)));
    }

    private static double Square(double value) => value * value;
}
