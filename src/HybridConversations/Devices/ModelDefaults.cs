namespace HybridConversations.Devices;

/// <summary>What a model wants when nobody says otherwise.</summary>
public sealed record ModelDefaults
{
    private const string DemoModelHash = "6ff448246653986fa300d79f1093ef9f549cd4baf4daf5f9b9884bbc5293cab7";

    public required string SystemPrompt { get; init; }
    public double Temperature { get; init; } = 0.6;
    public double TopP { get; init; } = 0.9;
    public int TopK { get; init; } = 40;
    public double MinP { get; init; } = 0.05;

    /// <summary>Tokens of a reply where the caller gives no limit.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>Defaults for a model by its SHA-256. The demo model was trained with one system prompt and is used greedily (models/README.md).</summary>
    public static ModelDefaults For(string modelHash) => modelHash == DemoModelHash
        ? new ModelDefaults { SystemPrompt = "You are Pip, a helpful voice assistant.", Temperature = 0, MaxTokens = 160 }
        : new ModelDefaults { SystemPrompt = "You are a helpful voice assistant. Answer in one or two short, plain sentences." };
}
