using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Client.Wire;

/// <summary>How everything of the API is written as JSON: camelCase members, camelCase words for enumerations, non-ASCII text as it is.</summary>
public static class WireJson
{
    /// <summary>Answers: every member is written, also null ones.</summary>
    public static WireContext Answers { get; } = new(new JsonSerializerOptions(WireContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Requests: null members are left out.</summary>
    public static WireContext Bodies { get; } = new(new JsonSerializerOptions(WireContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
