namespace HybridConversations.Inference.Sampling;

/// <summary>Finds the tokens that would go on with a repeated passage and lowers their logits. Belongs to one generation.</summary>
internal sealed class DryPenalty(DryParameters parameters)
{
    // A longer passage weighs no more: 1.75^30 is beyond every logit already.
    private const int MaxLength = 50;
    private readonly Dictionary<int, int> _longest = [];

    /// <param name="text">Prompt and reply so far.</param>
    /// <param name="row">Logits to change.</param>
    public void Apply(ReadOnlySpan<int> text, Span<float> row)
    {
        text = text[^Math.Min(text.Length, Math.Min(parameters.LastTokens, SamplingParameters.MaxHistory))..];
        _longest.Clear();
        for (var end = text.Length - 2; end >= 0; end--)
        {
            // What stands at [.., end] is compared with the end of the text; behind it came text[end + 1].
            var length = 0;
            while (length < MaxLength && length <= end && text[end - length] == text[^(length + 1)] && !Breaks(text[end - length]))
            {
                length++;
            }

            if (length >= parameters.AllowedLength && _longest.GetValueOrDefault(text[end + 1]) < length)
            {
                _longest[text[end + 1]] = length;
            }
        }

        foreach (var (token, length) in _longest)
        {
            if (!Breaks(token))
            {
                row[token] -= parameters.Multiplier * MathF.Pow(parameters.Base, length - parameters.AllowedLength);
            }
        }
    }

    private bool Breaks(int token) => parameters.Breakers is { } breakers && breakers.Has(token);
}
