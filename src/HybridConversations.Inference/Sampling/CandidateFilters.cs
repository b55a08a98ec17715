using System.Numerics.Tensors;

namespace HybridConversations.Inference.Sampling;

/// <summary>The filters between selecting candidates and drawing one. Each leaves at least one.</summary>
internal static class CandidateFilters
{
    /// <summary>Keeps the likeliest up to a share of the candidates' mass (Holtzman et al. 2019).</summary>
    /// <param name="candidates">Sorted, weighed.</param>
    /// <param name="topP">1 is off.</param>
    public static void TopP(Candidates candidates, float topP)
    {
        var weights = candidates.Weights;
        var (total, sum, kept) = (TensorPrimitives.Sum<float>(weights), 0f, 0);
        while (topP < 1 && kept < weights.Length && sum < topP * total)
        {
            sum += weights[kept++];
        }

        candidates.Keep(topP < 1 ? kept : weights.Length);
    }

    /// <summary>Keeps those at least <paramref name="minP"/> times as likely as the likeliest (Nguyen et al. 2024).</summary>
    /// <param name="candidates">Sorted, weighed.</param>
    /// <param name="minP">0 is off.</param>
    public static void MinP(Candidates candidates, float minP)
    {
        var weights = candidates.Weights;
        var kept = 0;
        while (kept < weights.Length && weights[kept] >= minP * weights[0])
        {
            kept++;
        }

        candidates.Keep(kept);
    }

    /// <summary>Keeps those whose surprise is nearest to the expected one, up to a share of the mass (Meister et al. 2022); sorted by weight afterwards.</summary>
    /// <param name="candidates">Weighed.</param>
    /// <param name="typicalP">1 is off.</param>
    /// <param name="distances">Scratch of at least as many.</param>
    /// <param name="order">Scratch of at least as many.</param>
    public static void Typical(Candidates candidates, float typicalP, Span<float> distances, Span<int> order)
    {
        if (typicalP >= 1 || candidates.Count < 2)
        {
            return;
        }

        var weights = candidates.Weights;
        var total = TensorPrimitives.Sum<float>(weights);
        var entropy = 0f;
        foreach (var weight in weights)
        {
            entropy -= weight > 0 ? weight / total * MathF.Log(weight / total) : 0;
        }

        distances = distances[..weights.Length];
        order = order[..weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            (distances[i], order[i]) = (MathF.Abs(-MathF.Log(weights[i] / total) - entropy), i);
        }

        distances.Sort(order);
        var (sum, kept) = (0f, 0);
        while (kept < order.Length && (kept == 0 || sum < typicalP * total))
        {
            sum += weights[order[kept++]];
        }

        order = order[..kept];
        order.Sort(); // so that moving them to the front overwrites none
        for (var i = 0; i < kept; i++)
        {
            (weights[i], candidates.Tokens[i]) = (weights[order[i]], candidates.Tokens[order[i]]);
        }

        candidates.Keep(kept);
    }

    /// <summary>Leaves out all candidates at least as probable as the threshold but the least probable of them (XTC, p-e-w 2024).</summary>
    /// <param name="candidates">Weighed; they are sorted.</param>
    /// <param name="threshold">A probability; above 0.5 nothing happens.</param>
    public static void ExcludeTop(Candidates candidates, float threshold)
    {
        if (threshold > 0.5f || candidates.Count < 2)
        {
            return;
        }

        if (!candidates.Sorted)
        {
            candidates.Sort();
        }

        var weights = candidates.Weights;
        var (total, top) = (TensorPrimitives.Sum<float>(weights), 0);
        while (top < weights.Length && weights[top] >= threshold * total)
        {
            top++;
        }

        if (top > 1)
        {
            candidates.Skip(top - 1);
        }
    }
}
