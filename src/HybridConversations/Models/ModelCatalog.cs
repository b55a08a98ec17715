namespace HybridConversations.Models;

/// <summary>A model with a short name.</summary>
/// <param name="Name">What people type.</param>
/// <param name="Source">Where it lies.</param>
/// <param name="ApproximateBytes">For display only; the hub says the exact size.</param>
/// <param name="Use">What it is good for here.</param>
/// <param name="License">Name of its licence.</param>
public sealed record KnownModel(string Name, ModelSource Source, long ApproximateBytes, string Use, string License);

/// <summary>Models with short names: ungated GGUF files, quantized to Q4_K_M. Hashes and exact sizes come from the hub when one is pulled.</summary>
public static class ModelCatalog
{
    /// <summary>Models that have been tried.</summary>
    public static IReadOnlyList<KnownModel> Models { get; } =
    [
        new(
            "llama-3.2-3b",
            new ModelSource("bartowski/Llama-3.2-3B-Instruct-GGUF", "Llama-3.2-3B-Instruct-Q4_K_M.gguf"),
            2_020_000_000,
            "Voice conversations on a Jetson with 8 GB or more; the default of a fleet",
            "Llama 3.2 Community License"),
        new(
            "llama-3.2-1b",
            new ModelSource("bartowski/Llama-3.2-1B-Instruct-GGUF", "Llama-3.2-1B-Instruct-Q4_K_M.gguf"),
            810_000_000,
            "Faster and simpler; for small devices",
            "Llama 3.2 Community License"),
        new(
            "smollm2-135m",
            new ModelSource("bartowski/SmolLM2-135M-Instruct-GGUF", "SmolLM2-135M-Instruct-Q4_K_M.gguf"),
            105_000_000,
            "Trying things out on a processor; answers are not to be trusted",
            "Apache 2.0"),
        new(
            "qwen2.5-7b",
            new ModelSource("bartowski/Qwen2.5-7B-Instruct-GGUF", "Qwen2.5-7B-Instruct-Q4_K_M.gguf"),
            4_680_000_000,
            "Better answers where there is a large GPU; too slow for voice on an Orin NX",
            "Apache 2.0"),
    ];

    /// <summary>The names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Models.Select(m => m.Name));

    /// <summary>The model of that name, in any case; null when there is none.</summary>
    public static KnownModel? Find(string name) => Models.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
