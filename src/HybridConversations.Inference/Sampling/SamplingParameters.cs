namespace HybridConversations.Inference.Sampling;

/// <summary>Sampling of one generation, every value settled. Order: penalties, grammar, top-k, top-p, min-p, temperature, as in llama.cpp's default chain.</summary>
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

    /// <summary>Subtracted from a token's logit for each time that it was written.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once it was written at all.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Of the random choice.</summary>
    public long Seed { get; init; }

    /// <summary>Never choose a token that ends the reply.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Alternatives reported per token; −1 for no log probabilities.</summary>
    public int TopLogProbs { get; init; } = -1;

    /// <summary>Whether the likeliest token is always taken.</summary>
    public bool Greedy => Temperature <= 0;

    /// <summary>Whether what was written counts.</summary>
    public bool Penalizes => FrequencyPenalty != 0 || PresencePenalty != 0;
}
