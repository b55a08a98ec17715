using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Http.LlamaServer;

internal sealed record LlamaHealth(string Status);

internal sealed record LlamaFault(LlamaError Error);

internal sealed record LlamaError(int Code, string Message, string Type);

/// <param name="DefaultGenerationSettings">What holds where a request says nothing.</param>
/// <param name="TotalSlots">Sequences that are held at a time.</param>
/// <param name="ModelAlias">Name of the model.</param>
/// <param name="ChatTemplate">The model's own template; empty where it has none.</param>
/// <param name="BuildInfo">Who answers.</param>
internal sealed record LlamaProperties(LlamaGenerationDefaults DefaultGenerationSettings, int TotalSlots, string ModelAlias, string ChatTemplate, string BuildInfo);

/// <param name="NCtx">Tokens of all sequences together.</param>
internal sealed record LlamaGenerationDefaults(int NCtx);

internal sealed record LlamaTokens(IReadOnlyList<int> Tokens);

internal sealed record LlamaPieces(IReadOnlyList<LlamaPiece> Tokens);

internal sealed record LlamaPiece(int Id, string Piece);

internal sealed record LlamaText(string Content);

/// <summary>How these answers are written.</summary>
internal static class LlamaJson
{
    public static LlamaContext Answers { get; } = new(new JsonSerializerOptions(LlamaContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Generated JSON code of llama-server's formats; used through <see cref="LlamaJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LlamaHealth))]
[JsonSerializable(typeof(LlamaFault))]
[JsonSerializable(typeof(LlamaProperties))]
[JsonSerializable(typeof(LlamaTokens))]
[JsonSerializable(typeof(LlamaPieces))]
[JsonSerializable(typeof(LlamaText))]
internal sealed partial class LlamaContext : JsonSerializerContext;
