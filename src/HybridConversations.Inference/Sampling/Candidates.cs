using System.Numerics;
using System.Numerics.Tensors;

namespace HybridConversations.Inference.Sampling;

/// <summary>
/// The tokens that may come next with their weights, selected without sorting the vocabulary. Weights are probabilities but for a factor: the likeliest token's is 1.
/// One per engine thread; reused.
/// </summary>
internal sealed class Candidates(int vocabularySize)
{
    private const int Buckets = 512;
    private const float BucketsPerNat = 16; // 32 nats: what lies below weighs less than 2e-14
    private readonly float[] _weights = new float[vocabularySize];
    private readonly int[] _tokens = new int[vocabularySize];
    private readonly double[] _mass = new double[Buckets];

    public int Count { get; private set; }

    /// <summary>Likeliest first?</summary>
    public bool Sorted { get; private set; }

    /// <summary>Logits after <see cref="SelectTop"/> until <see cref="Weigh"/>, then weights.</summary>
    public Span<float> Weights => _weights.AsSpan(0, Count);
    public Span<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Selects the <paramref name="k"/> likeliest by logit, sorted, likeliest first; −∞ and NaN are no candidates.</summary>
    public void SelectTop(ReadOnlySpan<float> row, int k)
    {
        // Collect everything above a threshold that rises as the buffer fills: each time it holds 2k, keep the best k.
        k = Math.Min(k, row.Length);
        (Count, Sorted) = (0, true);
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

            _weights[Count] = row[i];
            _tokens[Count++] = i;
            if (Count == limit && limit > k)
            {
                Sort(0, Count);
                Count = k;
                threshold = _weights[k - 1];
            }
        }

        Sort(0, Count);
        Count = Math.Min(Count, k);
    }

    /// <summary>Turns logits into weights.</summary>
    public void Weigh()
    {
        if (Count > 0)
        {
            TensorPrimitives.Subtract(Weights, _weights[0], Weights);
            TensorPrimitives.Exp(Weights, Weights);
        }
    }

    /// <summary>
    /// Selects the likeliest that have the share <paramref name="topP"/> of the mass together, of those at least <paramref name="minP"/> times as likely as the likeliest;
    /// with weights, not sorted. One pass over the vocabulary for the masses of its strata, one to collect: only the stratum at the border is sorted.
    /// </summary>
    public void SelectMass(ReadOnlySpan<float> row, float topP, float minP)
    {
        (Count, Sorted) = (0, false);
        var best = TensorPrimitives.Max(row);
        if (!float.IsFinite(best))
        {
            return;
        }

        var lowest = Math.Max(-(Buckets - 1) / BucketsPerNat, minP > 0 ? MathF.Log(minP) : float.NegativeInfinity);
        TensorPrimitives.Subtract(row, best, _weights);
        for (var i = 0; i < row.Length; i++)
        {
            if (_weights[i] >= lowest)
            {
                _weights[Count] = _weights[i]; // never ahead of i
                _tokens[Count++] = i;
            }
        }

        if (topP < 1)
        {
            CutMass(row, best, topP);
        }

        TensorPrimitives.Exp(Weights, Weights);
    }

    public void Keep(int count) => Count = Math.Clamp(count, Math.Min(1, Count), Count);

    /// <summary>Leaves out the first.</summary>
    public void Skip(int count)
    {
        Weights[count..].CopyTo(_weights);
        Tokens[count..].CopyTo(_tokens);
        Count -= count;
    }

    /// <summary>Keeps the candidates that a grammar allows, in their order, at most <paramref name="most"/>.</summary>
    public void KeepAllowed(Grammar.ITokenConstraint grammar, int most)
    {
        var kept = 0;
        for (var i = 0; i < Count && kept < most; i++)
        {
            if (grammar.Allows(_tokens[i]))
            {
                (_weights[kept], _tokens[kept]) = (_weights[i], _tokens[i]);
                kept++;
            }
        }

        Count = kept;
    }

    /// <summary>Sorts by weight, likeliest first.</summary>
    public void Sort()
    {
        Sort(0, Count);
        Sorted = true;
    }

    /// <summary>Keeps, of candidates whose weights are distances to the best logit, the likeliest with a share of the whole vocabulary's mass.</summary>
    private void CutMass(ReadOnlySpan<float> row, float best, float topP)
    {
        // The mass of everything, also of what min-p leaves out.
        Array.Clear(_mass);
        var total = 0.0;
        foreach (var logit in row)
        {
            var distance = best - logit;
            if (distance < Buckets / BucketsPerNat)
            {
                var weight = Math.Exp(-distance);
                _mass[(int)(distance * BucketsPerNat)] += weight;
                total += weight;
            }
        }

        var (border, sum) = (0, 0.0);
        while (border < Buckets - 1 && sum + _mass[border] < topP * total)
        {
            sum += _mass[border++];
        }

        // Those before the border come first, then those in its stratum, of which the likeliest are needed.
        var (inside, atBorder) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            var stratum = (int)(-_weights[i] * BucketsPerNat);
            if (stratum > border)
            {
                continue;
            }

            var (weight, token) = (_weights[i], _tokens[i]);
            if (stratum == border)
            {
                (_weights[inside + atBorder], _tokens[inside + atBorder]) = (weight, token);
                atBorder++;
                continue;
            }

            // The first of the border makes room at the front for one inside.
            (_weights[inside + atBorder], _tokens[inside + atBorder]) = (_weights[inside], _tokens[inside]);
            (_weights[inside], _tokens[inside]) = (weight, token);
            inside++;
        }

        Sort(inside, atBorder);
        Count = inside;
        while (atBorder-- > 0 && (Count == 0 || sum < topP * total))
        {
            sum += Math.Exp(_weights[Count++]);
        }
    }

    private void Sort(int from, int count)
    {
        // Descending: negate, sort ascending, negate. Sorting keys and items does not allocate.
        var keys = _weights.AsSpan(from, count);
        TensorPrimitives.Negate(keys, keys);
        keys.Sort(_tokens.AsSpan(from, count));
        TensorPrimitives.Negate(keys, keys);
    }
}
