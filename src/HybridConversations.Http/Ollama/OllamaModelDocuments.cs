using System.Text.Json;

namespace HybridConversations.Http.Ollama;

internal sealed record OllamaTags(IReadOnlyList<OllamaTag> Models);

internal sealed record OllamaTag(string Name, string Model, DateTimeOffset ModifiedAt, long Size, string Digest, OllamaModelDetails Details);

internal sealed record OllamaRunning(IReadOnlyList<OllamaRunningModel> Models);

/// <param name="Name">With its tag.</param>
/// <param name="Model">The same.</param>
/// <param name="Size">Bytes of the weights.</param>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Details">Kind and size.</param>
/// <param name="ExpiresAt">It stays.</param>
/// <param name="SizeVram">Bytes of the weights that the device holds.</param>
/// <param name="ContextLength">KV cells of all conversations together.</param>
internal sealed record OllamaRunningModel(
    string Name, string Model, long Size, string Digest, OllamaModelDetails Details, DateTimeOffset ExpiresAt, long SizeVram, int ContextLength);

internal sealed record OllamaModelInfo(
    string Modelfile, string Parameters, string Template, OllamaModelDetails Details, IReadOnlyDictionary<string, JsonElement> ModelInfo,
    IReadOnlyList<string> Capabilities, DateTimeOffset ModifiedAt);

internal sealed record OllamaModelDetails(string ParentModel, string Format, string Family, IReadOnlyList<string> Families, string ParameterSize, string QuantizationLevel)
{
    /// <summary>Reads llama.cpp's description, such as <c>llama 135M Q4_1</c>.</summary>
    public static OllamaModelDetails Of(ModelStatus model)
    {
        var words = model.Description.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var family = words.FirstOrDefault() ?? "unknown";
        return new OllamaModelDetails("", "gguf", family, [family], words.ElementAtOrDefault(1) ?? "", words.Length > 2 ? words[^1] : "");
    }
}
