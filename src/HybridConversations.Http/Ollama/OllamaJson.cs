using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Http.Ollama;

/// <summary>How answers below <c>/api</c> are written: snake_case, non-ASCII text as it is, absent members left out.</summary>
internal static class OllamaJson
{
    public static OllamaContext Answers { get; } = new(new JsonSerializerOptions(OllamaContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Generated JSON code of Ollama's formats; used through <see cref="OllamaJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OllamaReply))]
[JsonSerializable(typeof(OllamaVersion))]
[JsonSerializable(typeof(OllamaTags))]
[JsonSerializable(typeof(OllamaRunning))]
[JsonSerializable(typeof(OllamaModelInfo))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class OllamaContext : JsonSerializerContext;
