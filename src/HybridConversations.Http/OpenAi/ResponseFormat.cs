using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>The <c>response_format</c> of OpenAI: text, any JSON object, or JSON of a schema.</summary>
internal static class ResponseFormat
{
    private const string Name = "response_format";

    /// <returns>The schema to follow, as JSON text; null for free text.</returns>
    public static string? Read(JsonMembers members)
    {
        if (members.Any(Name) is not { } format)
        {
            return null;
        }

        var type = format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        switch (type)
        {
            case "text":
                return null;
            case "json_object":
                // llama-server and others take a schema there, too.
                return Schemas.Read(members.Inside(format, Name), "schema") ?? Schemas.AnyObject;
            case "json_schema":
                return ReadSchema(members, format);
            default:
                members.Wrong(Name, "must be {\"type\": \"text\"}, {\"type\": \"json_object\"} or {\"type\": \"json_schema\", \"json_schema\": {\"schema\": {…}}}.");
                return null;
        }
    }

    private static string? ReadSchema(JsonMembers members, JsonElement format)
    {
        if (format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object
            && named.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Object)
        {
            return Schemas.Read(members.Inside(named, $"{Name}.json_schema"), "schema");
        }

        members.Wrong($"{Name}.json_schema.schema", "is missing: an object with the JSON schema to follow.");
        return null;
    }
}
