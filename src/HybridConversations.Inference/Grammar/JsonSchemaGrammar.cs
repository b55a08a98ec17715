using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Writes the GBNF grammar of a JSON schema, so that a reply can only be a document that the schema allows. What the grammar produces is a subset of what the
/// schema allows, never more but for <c>oneOf</c>, which is taken as <c>anyOf</c>: properties come in the order of the schema, white space is at most one blank
/// or one line break with its indentation (small models loop in white space), integers have at most 16 digits.
/// </summary>
/// <remarks>
/// Understood (JSON Schema 2020-12): type, properties, required, additionalProperties, minProperties, maxProperties, items, prefixItems, minItems, maxItems,
/// enum, const, minLength, maxLength, pattern (a subset of regular expressions), format (date, time, date-time, duration, email, hostname, ipv4, ipv6, uuid),
/// minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf (1 and powers of a tenth), anyOf, oneOf, allOf, $ref within the schema (also recursive),
/// $defs, definitions, and OpenAPI's nullable. As in OpenAI's strict mode an object with properties has no others unless additionalProperties says so.
/// Other keywords of JSON Schema that would change what is allowed are refused; annotations and words that are not JSON Schema's are ignored, as it demands.
/// </remarks>
public static class JsonSchemaGrammar
{
    /// <summary>Characters of a schema at most.</summary>
    public const int MaxSchemaCharacters = Limits.MaxGrammarCharacters;

    /// <summary>Subschemas inside each other at most.</summary>
    public const int MaxDepth = 64;

    /// <summary>Subschemas at most, counting one each time it is used.</summary>
    public const int MaxSubschemas = 4096;

    /// <summary>Characters of the grammar at most.</summary>
    public const int MaxGrammarCharacters = 512 * 1024;

    /// <summary>The grammar of any JSON object (OpenAI's <c>json_object</c>).</summary>
    public static string AnyObject { get; } = BuildAnyObject();

    /// <summary>The grammar of the documents that <paramref name="schema"/> allows; its start is the rule <c>root</c>.</summary>
    /// <param name="schema">A JSON schema as JSON text, at most <see cref="MaxSchemaCharacters"/> characters.</param>
    /// <exception cref="ProblemException">The schema is no JSON, allows nothing, is too large, or uses what cannot be expressed; the message names the place.</exception>
    public static string FromSchema(string schema)
    {
        if (schema.Length > MaxSchemaCharacters)
        {
            throw SchemaProblem.At("#", $"has {schema.Length} characters; at most {MaxSchemaCharacters} are allowed");
        }

        return new SchemaCompiler(Parse(schema)).Compile();
    }

    internal static JsonNode? Parse(string schema)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = MaxDepth * 4, AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(schema, options);
            ReadStrings(document.RootElement);
            return JsonNode.Parse(schema, documentOptions: options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw SchemaProblem.At("#", $"is no valid JSON: {e.Message}");
        }
    }

    // The parser lets half a surrogate pair pass and throws where the string is read: here, not in the middle of the work.
    private static void ReadStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadStrings(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadStrings(member.Value);
                }

                break;
        }
    }

    private static string BuildAnyObject()
    {
        var rules = new GbnfRules();
        rules.Reserve("root");
        rules.Set("root", rules.Use(JsonRules.Object));
        return rules.ToString();
    }
}
