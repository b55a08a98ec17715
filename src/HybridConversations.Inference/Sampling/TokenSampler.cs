using System.Numerics.Tensors;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Sampling;

/// <summary>Chooses the next token of one generation. Deterministic by seed; holds the generation's random state and penalty counts.</summary>
/// <param name="parameters">Settled values.</param>
/// <param name="grammar">What the reply must look like; null for anything.</param>
/// <param name="endTokens">Tokens that end a reply, for <see cref="SamplingParameters.IgnoreEnd"/>.</param>
/// <param name="thought">Counts the tokens of a thought, and ends one that has become too long; null where there is none.</param>
internal sealed class TokenSampler(SamplingParameters parameters, ITokenConstraint? grammar, int[] endTokens, ThoughtWatch? thought = null)
{
    /// <summary>No token may come.</summary>
    public const int Nothing = -1;

    // Candidates tried under a grammar before the vocabulary is masked, and those that typical sampling looks at.
    private const int Tried = 256;
    private const int MaxTypical = 4096;
    private readonly LogitChanges _changes = new(parameters, endTokens);
    private SeededRandom _random = new(parameters.Seed);

    public SamplingParameters Parameters => parameters;

    /// <summary>Tokens that were thought so far.</summary>
    public int ThoughtTokens => thought?.Count ?? 0;

    public bool HasGrammar => grammar is not null;

    /// <summary>What its grammar has cost so far.</summary>
    public long GrammarWork => grammar?.Work ?? 0;

    /// <summary>The grammar allows nothing but the end.</summary>
    public bool IsEnd => grammar is { IsEnd: true };

    /// <summary>Samples from a row of logits.</summary>
    /// <param name="logits">Not changed; length: vocabulary.</param>
    /// <param name="text">Prompt and reply so far.</param>
    /// <param name="scratch">Of the same vocabulary; overwritten.</param>
    /// <returns>−1 where nothing may come any more: the reply is whole.</returns>
    public int Sample(ReadOnlySpan<float> logits, ReadOnlySpan<int> text, SamplingScratch scratch)
    {
        if (thought is { Forced: { } forced })
        {
            return forced;
        }

        var row = logits;
        if (_changes.Any)
        {
            logits.CopyTo(scratch.Row);
            _changes.Apply(text, scratch.Row);
            row = scratch.Row;
        }

        var random = _random;
        var chosen = Choose(row, scratch, ref random);
        if (grammar is not null && chosen >= 0 && !grammar.Allows(chosen))
        {
            // Most tokens fit, and where one does not one of the next likeliest does: only a grammar that wants something else pays for masking the vocabulary.
            random = _random;
            chosen = ChooseAmongLikeliest(row, scratch, grammar, ref random);
            if (chosen < 0)
            {
                if (!_changes.Any)
                {
                    logits.CopyTo(scratch.Row);
                }

                grammar.Mask(scratch.Row);
                random = _random;
                chosen = Choose(scratch.Row, scratch, ref random);
            }
        }

        _random = random;
        return chosen;
    }

    /// <summary>Tells the sampler that a token is part of the reply.</summary>
    public void Accept(int token)
    {
        grammar?.Accept(token);
        thought?.Accept(token);
        _changes.Count(token);
    }

    private int Choose(ReadOnlySpan<float> row, SamplingScratch scratch, ref SeededRandom random)
    {
        if (parameters.Greedy)
        {
            var best = TensorPrimitives.IndexOfMax(row);
            return float.IsNegativeInfinity(row[best]) ? Nothing : best;
        }

        var candidates = scratch.Candidates;
        if (parameters.TopK > 0 || parameters.TypicalP < 1)
        {
            candidates.SelectTop(row, parameters.TopK > 0 ? parameters.TopK : MaxTypical);
            candidates.Weigh();
            Filter(candidates, scratch);
        }
        else
        {
            candidates.SelectMass(row, parameters.TopP, parameters.MinP);
        }

        return Draw(candidates, ref random);
    }

    /// <summary>Chooses among the likeliest that the grammar allows, where the others cannot matter; −1 where they can.</summary>
    private int ChooseAmongLikeliest(ReadOnlySpan<float> row, SamplingScratch scratch, ITokenConstraint grammar, ref SeededRandom random)
    {
        var candidates = scratch.Candidates;
        candidates.SelectTop(row, Math.Max(Tried, parameters.TopK));
        if (candidates.Count == 0)
        {
            return Nothing;
        }

        var lowest = candidates.Count == row.Length ? float.NegativeInfinity : candidates.Weights[^1];
        var most = parameters.Greedy ? 1 : parameters.TopK > 0 ? parameters.TopK : int.MaxValue;
        candidates.KeepAllowed(grammar, most);
        if (candidates.Count == 0)
        {
            return Nothing;
        }

        if (parameters.Greedy)
        {
            return candidates.Tokens[0];
        }

        // What was not tried is less likely than the last that was: no matter where the places are taken, or where min-p leaves it out.
        var untried = MathF.Exp(lowest - candidates.Weights[0]);
        if (candidates.Count < most && !(untried < parameters.MinP))
        {
            return Nothing;
        }

        candidates.Weigh();
        Filter(candidates, scratch);
        return Draw(candidates, ref random);
    }

    private void Filter(Candidates candidates, SamplingScratch scratch)
    {
        if (candidates.Count > 0)
        {
            CandidateFilters.Typical(candidates, parameters.TypicalP, scratch.Distances, scratch.Order);
            CandidateFilters.TopP(candidates, parameters.TopP);
            CandidateFilters.MinP(candidates, parameters.MinP);
        }
    }

    private int Draw(Candidates candidates, ref SeededRandom random)
    {
        if (parameters.XtcProbability > 0 && random.NextDouble() < parameters.XtcProbability)
        {
            CandidateFilters.ExcludeTop(candidates, parameters.XtcThreshold);
        }

        if (candidates.Count == 0)
        {
            return Nothing; // all of them are forbidden
        }

        // exp(x/T) = exp(x)^(1/T): the weights so far are exp(x − best).
        var weights = candidates.Weights;
        if (parameters.Temperature != 1)
        {
            TensorPrimitives.Log(weights, weights);
            TensorPrimitives.Divide(weights, parameters.Temperature, weights);
            TensorPrimitives.Exp(weights, weights);
        }

        var at = random.NextDouble() * TensorPrimitives.Sum<float>(weights);
        var likeliest = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return candidates.Tokens[i];
            }

            likeliest = weights[i] > weights[likeliest] ? i : likeliest;
        }

        return candidates.Tokens[likeliest];
    }
}
