using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>The types that a schema allows.</summary>
internal static class SchemaTypes
{
    private static readonly string[] All = ["object", "array", "string", "integer", "number", "boolean", "null"];

    private static readonly (string Type, string[] Keywords)[] Marks =
    [
        ("object", ["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
        ("array", ["items", "prefixItems", "minItems", "maxItems"]),
        ("string", ["minLength", "maxLength", "pattern", "format"]),
        ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ];

    /// <summary>The value of the word "type" as a list of names.</summary>
    public static IReadOnlyList<string> Names(JsonNode? node, string path)
    {
        IEnumerable<JsonNode?> nodes = node is JsonArray array ? array.AsEnumerable() : Enumerable.Repeat(node, 1);
        return [.. nodes.Select(n => n?.GetValueKind() == JsonValueKind.String && All.Contains(n.GetValue<string>())
            ? n.GetValue<string>()
            : throw SchemaProblem.At(path, $"has type {SchemaKeywords.Show(n)}; allowed are {string.Join(", ", All)}")).Distinct()];
    }

    /// <summary>The types, or what the other words show where there is no "type"; empty for any.</summary>
    public static IReadOnlyList<string> Of(JsonObject schema, string path)
    {
        if (schema.TryGetPropertyValue("type", out var type))
        {
            var names = Names(type, path);
            return names.Count > 0 ? names : throw SchemaProblem.At(path, "allows no type at all");
        }

        return [.. Marks.Where(m => m.Keywords.Any(schema.ContainsKey)).Select(m => m.Type)];
    }

    public static bool Allows(IReadOnlyList<string> types, JsonNode? value) => types.Count == 0 || types.Any(t => (t, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) => true,
        ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => SchemaKeywords.Decimal(value) is { } number && number == decimal.Truncate(number),
        _ => false,
    });
}
