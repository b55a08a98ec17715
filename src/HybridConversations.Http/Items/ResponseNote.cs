using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.OpenAi;

namespace HybridConversations.Http.Items;

/// <summary>What is kept with a turn so that its response can be read back: the members that the request decided, and system messages that became the conversation's own.</summary>
/// <param name="Frame">The response without what its run decides.</param>
/// <param name="System">System messages at the beginning of the input.</param>
internal sealed record ResponseNote(JsonObject Frame, IReadOnlyList<string> System)
{
    public override string ToString() => new JsonObject
    {
        ["response"] = Frame.DeepClone(),
        ["system"] = System.Count == 0 ? null : new JsonArray([.. System.Select(text => (JsonNode)text)]),
    }.ToJsonString(OpenAiJson.Answers.Options);

    /// <summary>The frame of a response; null where the turn was said in another way, or by another release.</summary>
    public static JsonObject? FrameOf(string? note) => Parse(note)?["response"] as JsonObject;

    /// <summary>Did a request ask for summaries of thoughts (<c>reasoning.summary</c>)?</summary>
    public static bool WantsSummary(JsonObject? frame) => (frame?["reasoning"] as JsonObject)?["summary"] is JsonValue;

    public static IReadOnlyList<string> SystemOf(string? note) =>
        Parse(note)?["system"] is JsonArray texts ? [.. texts.OfType<JsonValue>().Select(text => text.GetValueKind() == JsonValueKind.String ? (string)text! : "")] : [];

    private static JsonObject? Parse(string? note)
    {
        try
        {
            return note is ['{', ..] ? JsonNode.Parse(note, documentOptions: new JsonDocumentOptions { MaxDepth = OpenAiJson.MaxDepth }) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null; // an app keeps something else with its turns
        }
    }
}
