using System.Text.Encodings.Web;
using System.Text.Json;

namespace HybridConversations.Http.OpenAi;

/// <summary>How answers below <c>/v1</c> are written: snake_case, non-ASCII text as it is.</summary>
internal static class OpenAiJson
{
    public static OpenAiContext Answers { get; } = new(new JsonSerializerOptions(OpenAiContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
