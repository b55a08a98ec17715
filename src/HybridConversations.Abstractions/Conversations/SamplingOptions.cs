namespace HybridConversations;

/// <summary>How the next token is chosen, and when a reply ends. Null means: the model's default.</summary>
public sealed record SamplingOptions
{
    /// <summary>Tokens in the reply at most, from 1.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 is greedy; at most 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus: keep the likeliest tokens whose probabilities sum to this, above 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Keep this many of the likeliest tokens; 0 keeps all.</summary>
    public int? TopK { get; init; }

    /// <summary>Keep tokens at least this fraction as likely as the likeliest, 0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>−2 to 2, as in OpenAI's API.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>−2 to 2, as in OpenAI's API.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>The same seed, prompt and settings give the same reply on CPU. Null: a fresh one.</summary>
    public long? Seed { get; init; }

    /// <summary>The reply ends before any of these; at most 16, each at most 256 characters.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Go on to <see cref="MaxTokens"/> although the model would end: for benchmarks.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>A GBNF grammar that the reply must follow.</summary>
    public string? Grammar { get; init; }

    /// <summary>A JSON schema (as JSON text) that the reply must follow; excludes <see cref="Grammar"/>.</summary>
    public string? JsonSchema { get; init; }

    /// <summary>Alternatives to report per token, 0 to 20; null for no log probabilities.</summary>
    public int? TopLogProbs { get; init; }
}
