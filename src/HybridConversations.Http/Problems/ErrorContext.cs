using System.Text.Json.Serialization;

namespace HybridConversations.Http.Problems;

/// <summary>Generated JSON code of the clients' error formats; used through <see cref="ErrorJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenAiErrorDocument))]
[JsonSerializable(typeof(OllamaError))]
internal sealed partial class ErrorContext : JsonSerializerContext;
