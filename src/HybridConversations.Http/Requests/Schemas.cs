using System.Text.Json;

namespace HybridConversations.Http.Requests;

/// <summary>JSON schemas in requests: an object, or its JSON text.</summary>
internal static class Schemas
{
    /// <summary>Any JSON object.</summary>
    public const string AnyObject = """{"type":"object"}""";

    /// <summary>The schema of a member as JSON text; null where there is none.</summary>
    public static string? Read(JsonMembers members, string name)
    {
        switch (members.Any(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.Object } schema when schema.GetRawText() is var text:
                if (text.Length <= Limits.MaxGrammarCharacters)
                {
                    return text;
                }

                members.Wrong(name, $"has {text.Length} characters; at most {Limits.MaxGrammarCharacters} are allowed.");
                return null;
            case { ValueKind: JsonValueKind.String }:
                return members.Text(name, 2, Limits.MaxGrammarCharacters);
            case { } other:
                members.Wrong(name, $"must be a JSON schema, an object, not {JsonMembers.Kind(other)}.");
                return null;
        }
    }
}
