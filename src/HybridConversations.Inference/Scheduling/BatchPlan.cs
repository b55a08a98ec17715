namespace HybridConversations.Inference.Scheduling;

/// <summary>Rows of the next step: how many pending tokens of each running sequence to compute. Reused from step to step.</summary>
internal sealed class BatchPlan
{
    private int[] _rows = [];

    public int DecodeRows { get; set; }
    public int PrefillTokens { get; set; }
    public int Total => DecodeRows + PrefillTokens;

    /// <summary>Rows by the index of the sequence's view.</summary>
    public Span<int> Rows => _rows;

    /// <summary>Plans fewer prompt tokens, those of the last ones first.</summary>
    /// <param name="views">The sequences that it was made for.</param>
    /// <param name="tokens">Prompt tokens that may stay.</param>
    public void ShortenPrompts(ReadOnlySpan<SequenceView> views, int tokens)
    {
        for (var i = views.Length - 1; i >= 0 && PrefillTokens > tokens; i--)
        {
            if (!views[i].Decodes)
            {
                var less = Math.Min(_rows[i], PrefillTokens - tokens);
                _rows[i] -= less;
                PrefillTokens -= less;
            }
        }
    }

    public void Reset(int sequences)
    {
        if (_rows.Length < sequences)
        {
            _rows = new int[Math.Max(sequences, 64)];
        }

        _rows.AsSpan().Clear();
        DecodeRows = 0;
        PrefillTokens = 0;
    }
}
