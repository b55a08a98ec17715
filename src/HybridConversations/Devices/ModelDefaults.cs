namespace HybridConversations.Devices;

/// <summary>What a model wants when nobody says otherwise.</summary>
public sealed record ModelDefaults
{
    private const string DemoModelHash = "6ff448246653986fa300d79f1093ef9f549cd4baf4daf5f9b9884bbc5293cab7";

    /// <summary>What it is told where nobody says anything.</summary>
    public required string SystemPrompt { get; init; }

    /// <summary>0 takes the likeliest token.</summary>
    public double Temperature { get; init; } = 0.6;

    /// <summary>Smallest set of tokens whose probabilities sum to it.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>So many of the likeliest tokens.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Share of the likeliest token's probability that a token must have.</summary>
    public double MinP { get; init; } = 0.05;

    /// <summary>Tokens of a reply where the caller gives no limit.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>Defaults for a model by its SHA-256. The demo model was trained with one system prompt and is used greedily (models/README.md).</summary>
    public static ModelDefaults For(string modelHash) => modelHash == DemoModelHash
        ? new ModelDefaults { SystemPrompt = "You are Pip, a helpful voice assistant.", Temperature = 0, MaxTokens = 160 }
        : new ModelDefaults { SystemPrompt = "You are a helpful voice assistant. Answer in one or two short, plain sentences." };
}
