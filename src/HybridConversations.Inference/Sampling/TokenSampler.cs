using System.Numerics.Tensors;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Sampling;

/// <param name="parameters">Settled values.</param>
/// <param name="grammar">What the reply must look like; null for anything.</param>
/// <param name="endTokens">Tokens that end a reply, for <see cref="SamplingParameters.IgnoreEnd"/>.</param>
/// <summary>Chooses the next token of one generation. Deterministic by seed; holds the generation's random state and penalty counts.</summary>
internal sealed class TokenSampler(SamplingParameters parameters, IGrammarConstraint? grammar, int[] endTokens)
{
    private readonly Dictionary<int, int>? _counts = parameters.Penalizes ? [] : null;
    private SeededRandom _random = new(parameters.Seed);

    public SamplingParameters Parameters => parameters;

    /// <summary>Samples from a row of logits.</summary>
    /// <param name="logits">Not changed; length: vocabulary.</param>
    /// <param name="scratch">Same length; used where logits must change.</param>
    /// <param name="candidates">Of the same vocabulary; overwritten.</param>
    public int Sample(ReadOnlySpan<float> logits, Span<float> scratch, Candidates candidates)
    {
        var row = logits;
        var changes = _counts is not null || parameters.IgnoreEnd;
        if (changes)
        {
            logits.CopyTo(scratch);
            Penalize(scratch);
            row = scratch;
        }

        var random = _random;
        var chosen = Choose(row, candidates, ref random);
        if (grammar is not null && !grammar.Allows(chosen))
        {
            // The cheap way round: most tokens fit. Only one that does not pays for masking the vocabulary.
            if (!changes)
            {
                logits.CopyTo(scratch);
            }

            grammar.Mask(scratch);
            random = _random;
            chosen = Choose(scratch, candidates, ref random);
            if (float.IsNegativeInfinity(scratch[chosen]))
            {
                chosen = endTokens[0]; // nothing fits any more: the reply is whole
            }
        }

        _random = random;
        return chosen;
    }

    /// <summary>Tells the sampler that a token is part of the reply.</summary>
    public void Accept(int token)
    {
        grammar?.Accept(token);
        if (_counts is not null)
        {
            _counts[token] = _counts.GetValueOrDefault(token) + 1;
        }
    }

    private void Penalize(Span<float> row)
    {
        foreach (var token in parameters.IgnoreEnd ? endTokens : [])
        {
            row[token] = float.NegativeInfinity;
        }

        if (_counts is not null)
        {
            foreach (var (token, count) in _counts)
            {
                row[token] -= (count * parameters.FrequencyPenalty) + parameters.PresencePenalty;
            }
        }
    }

    private int Choose(ReadOnlySpan<float> row, Candidates candidates, ref SeededRandom random)
    {
        if (parameters.Greedy)
        {
            return TensorPrimitives.IndexOfMax(row);
        }

        candidates.SelectTop(row, parameters.TopK);
        var p = candidates.Logits;
        TensorPrimitives.Subtract(p, p[0], p);
        TensorPrimitives.Exp(p, p);
        var total = TensorPrimitives.Sum(p);
        if (parameters.TopP < 1)
        {
            var sum = 0f;
            var kept = 0;
            while (kept < p.Length && sum < parameters.TopP * total)
            {
                sum += p[kept++];
            }

            candidates.Keep(kept);
        }

        if (parameters.MinP > 0)
        {
            var kept = 0;
            while (kept < candidates.Count && candidates.Logits[kept] >= parameters.MinP)
            {
                kept++;
            }

            candidates.Keep(kept);
        }

        var weights = candidates.Logits;
        total = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            // exp(x/T) = exp(x)^(1/T): the weights so far are exp(x − best).
            weights[i] = MathF.Pow(weights[i], 1 / parameters.Temperature);
            total += weights[i];
        }

        var at = random.NextDouble() * total;
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return candidates.Tokens[i];
            }
        }

        return candidates.Tokens[0];
    }
}
