using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>The words of a JSON schema: what is enforced, what is refused, and how their values are read.</summary>
internal static class SchemaKeywords
{
    /// <summary>Words that restrict what is allowed and are enforced.</summary>
    public static readonly FrozenSet<string> Enforced = Set("""
        type properties required additionalProperties minProperties maxProperties items prefixItems minItems maxItems enum const minLength maxLength pattern
        format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf anyOf oneOf allOf $ref nullable
        """);

    private static readonly FrozenSet<string> Refused = Set("""
        not if then else patternProperties propertyNames dependentRequired dependentSchemas dependencies contains minContains maxContains unevaluatedItems
        additionalItems $dynamicRef $recursiveRef
        """);

    /// <summary>Refuses what would change the meaning and is not enforced.</summary>
    public static void Check(JsonObject schema, string path)
    {
        foreach (var (keyword, value) in schema)
        {
            if (Refused.Contains(keyword)
                || (keyword is "uniqueItems" && !IsBoolean(value, false))
                || (keyword is "unevaluatedProperties" && value is JsonObject))
            {
                throw SchemaProblem.Unsupported(path, keyword);
            }
        }
    }

    /// <summary>Does a schema restrict anything, beside these words?</summary>
    public static bool Restricts(JsonObject schema, params ReadOnlySpan<string> besides)
    {
        foreach (var (keyword, _) in schema)
        {
            if (Enforced.Contains(keyword) && !besides.Contains(keyword))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsBoolean(JsonNode? node, bool value) => node?.GetValueKind() == (value ? JsonValueKind.True : JsonValueKind.False);

    /// <summary>A count from 0 to a bound; null where the word is missing.</summary>
    public static int? Count(JsonObject schema, string keyword, string path, int most)
    {
        if (!schema.TryGetPropertyValue(keyword, out var node))
        {
            return null;
        }

        return Decimal(node) is { } value && value >= 0 && value == decimal.Truncate(value) && value <= most
            ? (int)value
            : throw SchemaProblem.At(path, $"has {keyword} {Show(node)}; an integer from 0 to {most} is allowed");
    }

    public static decimal? Decimal(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(
            node.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    public static string Show(JsonNode? node) => node?.ToJsonString() is { } text ? (text.Length <= 60 ? text : text[..60] + "…") : "null";

    private static FrozenSet<string> Set(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
