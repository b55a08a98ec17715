using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HybridConversations.Http.OpenAi;

/// <summary>Generated JSON code of OpenAI's formats; used through <see cref="OpenAiJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(TextCompletion))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OpenAiContext : JsonSerializerContext;
