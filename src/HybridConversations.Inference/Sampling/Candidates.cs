using System.Numerics;

namespace HybridConversations.Inference.Sampling;

/// <summary>The likeliest tokens of a row of logits, selected without sorting the vocabulary. One per engine thread; reused.</summary>
internal sealed class Candidates(int vocabularySize)
{
    private readonly float[] _logits = new float[vocabularySize];
    private readonly int[] _tokens = new int[vocabularySize];

    public int Count { get; private set; }
    public Span<float> Logits => _logits.AsSpan(0, Count);
    public Span<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Selects the <paramref name="k"/> likeliest, sorted, likeliest first; ties in order of token id.</summary>
    public void SelectTop(ReadOnlySpan<float> row, int k)
    {
        if (k <= 0 || k >= row.Length)
        {
            row.CopyTo(_logits);
            for (var i = 0; i < row.Length; i++)
            {
                _tokens[i] = i;
            }

            Count = row.Length;
            Sort();
            return;
        }

        // Collect everything above a threshold that rises as the buffer fills: each time it holds 2k, keep the best k.
        Count = 0;
        var limit = Math.Min(2 * k, row.Length);
        var threshold = float.NegativeInfinity;
        for (var i = 0; i < row.Length; i++)
        {
            if (Vector.IsHardwareAccelerated && i + Vector<float>.Count <= row.Length
                && Vector.LessThanOrEqualAll(new Vector<float>(row[i..]), new Vector<float>(threshold)))
            {
                i += Vector<float>.Count - 1;
                continue;
            }

            if (!(row[i] > threshold))
            {
                continue;
            }

            _logits[Count] = row[i];
            _tokens[Count++] = i;
            if (Count == limit)
            {
                Sort();
                Count = k;
                threshold = _logits[k - 1];
            }
        }

        Sort();
        Count = Math.Min(Count, k);
    }

    public void Keep(int count) => Count = Math.Clamp(count, 1, Count);

    private void Sort()
    {
        // Descending by logit: negate, sort ascending, negate. Array.Sort on keys and items does not allocate.
        var keys = _logits.AsSpan(0, Count);
        System.Numerics.Tensors.TensorPrimitives.Negate(keys, keys);
        keys.Sort(_tokens.AsSpan(0, Count));
        System.Numerics.Tensors.TensorPrimitives.Negate(keys, keys);
    }
}
