using System.Text.Encodings.Web;
using System.Text.Json;

namespace HybridConversations.Http.Problems;

/// <summary>How errors are written in the clients' formats: snake_case, non-ASCII text as it is.</summary>
internal static class ErrorJson
{
    public static ErrorContext Answers { get; } = new(new JsonSerializerOptions(ErrorContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
