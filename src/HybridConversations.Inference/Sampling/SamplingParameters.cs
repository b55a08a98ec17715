namespace HybridConversations.Inference.Sampling;

/// <summary>
/// Sampling of one generation, every value settled. Order: bias and penalties, DRY, grammar, top-k, typical, top-p, min-p, XTC, temperature, as in llama.cpp's default chain.
/// </summary>
public sealed record SamplingParameters
{
    /// <summary>0 is greedy.</summary>
    public float Temperature { get; init; } = 0.7f;

    /// <summary>1 is off.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>0 is off.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>0 is off.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Locally typical sampling (Meister et al. 2022): keeps the tokens whose surprise is nearest to what is expected, up to this mass; 1 is off.</summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>Subtracted from a token's logit for each time that it was written.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once it was written at all.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Divides the logits of tokens that came lately (CTRL, Keskar et al. 2019); 1 is off.</summary>
    public float RepeatPenalty { get; init; } = 1;

    /// <summary>How many of the latest tokens, prompt and reply, <see cref="RepeatPenalty"/> looks at; at most <see cref="MaxHistory"/>.</summary>
    public int RepeatLastTokens { get; init; } = 64;

    /// <summary>Added to tokens' logits.</summary>
    public IReadOnlyList<TokenBias> LogitBias { get; init; } = [];

    /// <summary>Discourages going on with a repeated passage; null is off.</summary>
    public DryParameters? Dry { get; init; }

    /// <summary>Chance that the likeliest candidates are left out (XTC, "exclude top choices"); 0 is off.</summary>
    public float XtcProbability { get; init; }

    /// <summary>Candidates at least as probable are the top choices; all but the least probable of them leave. Above 0.5 it never happens.</summary>
    public float XtcThreshold { get; init; } = 0.1f;

    /// <summary>Of the random choice.</summary>
    public long Seed { get; init; }

    /// <summary>Never choose a token that ends the reply.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Alternatives reported per token; −1 for no log probabilities.</summary>
    public int TopLogProbs { get; init; } = -1;

    /// <summary>Tokens that penalties look back at most, so that a long context costs a step no more.</summary>
    public const int MaxHistory = 4096;

    /// <summary>Whether the likeliest token is always taken.</summary>
    public bool Greedy => Temperature <= 0;
}
