using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Http.Responses;

/// <summary>What is kept with a conversation that was begun under <c>/v1/conversations</c>: its metadata.</summary>
internal static class ConversationNote
{
    public static string Of(JsonElement? metadata) => $$"""{"metadata":{{metadata?.GetRawText() ?? "{}"}}}""";

    public static JsonObject MetadataOf(string? note)
    {
        try
        {
            return note is ['{', ..] && JsonNode.Parse(note)?["metadata"] is JsonObject metadata ? (JsonObject)metadata.DeepClone() : [];
        }
        catch (JsonException)
        {
            return []; // an app keeps something else
        }
    }
}
