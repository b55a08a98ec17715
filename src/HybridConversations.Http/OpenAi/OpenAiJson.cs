using System.Text.Encodings.Web;
using System.Text.Json;

namespace HybridConversations.Http.OpenAi;

/// <summary>How answers below <c>/v1</c> are written: snake_case, non-ASCII text as it is.</summary>
internal static class OpenAiJson
{
    /// <summary>An answer repeats parts of its request, which may be 64 deep, a few levels deeper.</summary>
    public const int MaxDepth = 128;

    public static OpenAiContext Answers { get; } = new(new JsonSerializerOptions(OpenAiContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
    });
}
