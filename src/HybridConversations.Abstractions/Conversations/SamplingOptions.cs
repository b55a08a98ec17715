using System.Collections.ObjectModel;

namespace HybridConversations;

/// <summary>How the next token is chosen, and when a reply ends. Null means: the model's default.</summary>
public sealed record SamplingOptions
{
    /// <summary>Tokens in the reply at most. Null: a conversation's reply has the model's default limit, any other goes on to the end of the context. 0, in no conversation: the prompt is read and nothing said.</summary>
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

    /// <summary>Divides the logits of tokens that came lately, above 0 to 2 (Ollama's and llama.cpp's <c>repeat_penalty</c>); 1 is off.</summary>
    public double? RepeatPenalty { get; init; }

    /// <summary>How many of the latest tokens, prompt and reply, <see cref="RepeatPenalty"/> looks at; −1 for all, which are 4,096 here; default 64.</summary>
    public int? RepeatLastTokens { get; init; }

    /// <summary>Added to the logits of tokens, by token id, −100 to 100, at most 300, as in OpenAI's API. A token that a reply must not have gets −100.</summary>
    public IReadOnlyDictionary<int, double> LogitBias { get; init; } = ReadOnlyDictionary<int, double>.Empty;

    /// <summary>Locally typical sampling, above 0 to 1; 1 is off.</summary>
    public double? TypicalP { get; init; }

    /// <summary>Strength of DRY, which discourages going on with a repeated passage, 0 to 10; 0 is off.</summary>
    public double? DryMultiplier { get; init; }

    /// <summary>How fast DRY grows with the passage, 1 to 4; default 1.75.</summary>
    public double? DryBase { get; init; }

    /// <summary>Tokens that may be repeated before DRY begins, 1 to 100; default 2.</summary>
    public int? DryAllowedLength { get; init; }

    /// <summary>How many of the latest tokens DRY looks at; −1 for all, which are 4,096 here.</summary>
    public int? DryLastTokens { get; init; }

    /// <summary>Texts at which a repeated passage ends, at most 16 of at most 256 characters; null for a line's end, a colon, a quote and an asterisk.</summary>
    public IReadOnlyList<string>? DryBreakers { get; init; }

    /// <summary>Chance that XTC leaves out the likeliest candidates but the least likely of them, 0 to 1; 0 is off.</summary>
    public double? XtcProbability { get; init; }

    /// <summary>How probable a candidate must be for XTC to leave it out, 0 to 1; above 0.5 it never happens; default 0.1.</summary>
    public double? XtcThreshold { get; init; }

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
