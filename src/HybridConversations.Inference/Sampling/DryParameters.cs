namespace HybridConversations.Inference.Sampling;

/// <summary>
/// DRY ("don't repeat yourself", text-generation-webui): a token that would go on with a passage of <i>n</i> tokens that the text had before loses
/// <c>Multiplier · Base^(n − AllowedLength)</c> of its logit.
/// </summary>
public sealed record DryParameters
{
    /// <summary>Above 0.</summary>
    public float Multiplier { get; init; } = 0.8f;

    /// <summary>From 1.</summary>
    public float Base { get; init; } = 1.75f;

    /// <summary>Passages shorter than this may be repeated; from 1.</summary>
    public int AllowedLength { get; init; } = 2;

    /// <summary>How many of the latest tokens are looked at; at most <see cref="SamplingParameters.MaxHistory"/>.</summary>
    public int LastTokens { get; init; } = SamplingParameters.MaxHistory;

    /// <summary>Passages end at these (see <see cref="Engine.InferenceEngine.TokensWith"/>); null for none.</summary>
    public TokenSet? Breakers { get; init; }

    /// <summary>Texts at which passages usually end: a line's end, a colon, a quote, an asterisk.</summary>
    public static IReadOnlyList<string> UsualBreakers { get; } = ["\n", ":", "\"", "*"];
}
