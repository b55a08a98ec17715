using System.Text.Json;

namespace HybridConversations;

/// <summary>JSON objects that come as text: arguments, schemas.</summary>
public static class JsonObjectText
{
    /// <summary>Whether the text is one whole JSON object.</summary>
    public static bool IsValid(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
