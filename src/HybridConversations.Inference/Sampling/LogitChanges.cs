namespace HybridConversations.Inference.Sampling;

/// <summary>What changes a row of logits before a token is chosen: bias, penalties, a forbidden end. Belongs to one generation.</summary>
/// <param name="parameters">Settled values.</param>
/// <param name="endTokens">Tokens that end a reply, for <see cref="SamplingParameters.IgnoreEnd"/>.</param>
internal sealed class LogitChanges(SamplingParameters parameters, int[] endTokens)
{
    private readonly DryPenalty? _dry = parameters.Dry is { Multiplier: > 0 } dry ? new DryPenalty(dry) : null;
    private readonly Dictionary<int, int>? _counts = parameters.FrequencyPenalty != 0 || parameters.PresencePenalty != 0 ? [] : null;
    private readonly HashSet<int>? _recent = parameters.RepeatPenalty != 1 && parameters.RepeatLastTokens > 0 ? [] : null;

    /// <summary>False where a row stays as it is.</summary>
    public bool Any => _counts is not null || _recent is not null || _dry is not null || parameters.IgnoreEnd || parameters.LogitBias.Count > 0;

    /// <param name="text">Prompt and reply so far.</param>
    /// <param name="row">Logits to change; length: vocabulary.</param>
    public void Apply(ReadOnlySpan<int> text, Span<float> row)
    {
        foreach (var (token, bias) in parameters.LogitBias)
        {
            if ((uint)token < (uint)row.Length)
            {
                row[token] += bias;
            }
        }

        Repeat(text, row);
        if (_counts is not null)
        {
            foreach (var (token, count) in _counts)
            {
                row[token] -= (count * parameters.FrequencyPenalty) + parameters.PresencePenalty;
            }
        }

        _dry?.Apply(text, row);
        foreach (var token in parameters.IgnoreEnd ? endTokens : [])
        {
            row[token] = float.NegativeInfinity;
        }
    }

    /// <summary>A token is part of the reply.</summary>
    public void Count(int token)
    {
        if (_counts is not null)
        {
            _counts[token] = _counts.GetValueOrDefault(token) + 1;
        }
    }

    private void Repeat(ReadOnlySpan<int> text, Span<float> row)
    {
        if (_recent is null)
        {
            return;
        }

        _recent.Clear();
        foreach (var token in text[^Math.Min(text.Length, Math.Min(parameters.RepeatLastTokens, SamplingParameters.MaxHistory))..])
        {
            if (_recent.Add(token))
            {
                row[token] = row[token] > 0 ? row[token] / parameters.RepeatPenalty : row[token] * parameters.RepeatPenalty;
            }
        }
    }
}
