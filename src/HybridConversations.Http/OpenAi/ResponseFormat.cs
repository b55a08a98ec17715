using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>The <c>response_format</c> of OpenAI: text, any JSON object, or JSON of a schema.</summary>
internal static class ResponseFormat
{
    private const string Name = "response_format";
    private const string AnyObject = """{"type":"object"}""";

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
                return AnyObject;
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
            var text = schema.GetRawText();
            if (text.Length <= Limits.MaxGrammarCharacters)
            {
                return text;
            }

            members.Wrong(Name, $"has a schema of {text.Length} characters; at most {Limits.MaxGrammarCharacters} are allowed.");
            return null;
        }

        members.Wrong($"{Name}.json_schema.schema", "is missing: an object with the JSON schema to follow.");
        return null;
    }
}
