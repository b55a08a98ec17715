using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>One schema that allows what two schemas both allow (allOf), where that is simple; else a clear refusal.</summary>
internal static class SchemaMerge
{
    public static JsonObject Merge(JsonObject first, JsonObject second, string path)
    {
        var merged = (JsonObject)first.DeepClone();
        foreach (var (keyword, value) in second)
        {
            if (!SchemaKeywords.Enforced.Contains(keyword))
            {
                continue;
            }

            merged[keyword] = !merged.TryGetPropertyValue(keyword, out var old) || JsonNode.DeepEquals(old, value)
                ? value?.DeepClone()
                : Combine(keyword, old, value, path);
        }

        Close(merged, first, path);
        Close(merged, second, path);
        return merged;
    }

    private static JsonNode? Combine(string keyword, JsonNode? a, JsonNode? b, string path) => keyword switch
    {
        "properties" when a is JsonObject x && b is JsonObject y => Properties(x, y),
        "required" when a is JsonArray x && b is JsonArray y => new JsonArray([.. x.Concat(y.Where(n => !Contains(x, n))).Select(n => n?.DeepClone())]),
        "enum" when a is JsonArray x && b is JsonArray y => new JsonArray([.. x.Where(n => Contains(y, n)).Select(n => n?.DeepClone())]),
        "type" => Types(a, b, path),
        "items" or "additionalProperties" => Both(a, b),
        "minimum" or "exclusiveMinimum" or "minLength" or "minItems" or "minProperties" => Pick(a, b, Math.Max) ?? throw Conflict(keyword, path),
        "maximum" or "exclusiveMaximum" or "maxLength" or "maxItems" or "maxProperties" => Pick(a, b, Math.Min) ?? throw Conflict(keyword, path),
        "nullable" => JsonValue.Create(false),
        _ => throw Conflict(keyword, path),
    };

    private static JsonObject Properties(JsonObject a, JsonObject b)
    {
        var all = (JsonObject)a.DeepClone();
        foreach (var (name, schema) in b)
        {
            all[name] = all.TryGetPropertyValue(name, out var old) && !JsonNode.DeepEquals(old, schema) ? Both(old, schema) : schema?.DeepClone();
        }

        return all;
    }

    private static JsonNode Both(JsonNode? a, JsonNode? b)
    {
        if (SchemaKeywords.IsBoolean(a, false) || SchemaKeywords.IsBoolean(b, false))
        {
            return JsonValue.Create(false);
        }

        return new JsonObject { ["allOf"] = new JsonArray(a?.DeepClone(), b?.DeepClone()) };
    }

    // Where one side allows no other properties, the other side's cannot come.
    private static void Close(JsonObject merged, JsonObject side, string path)
    {
        if (!SchemaKeywords.IsBoolean(side["additionalProperties"], false) || merged["properties"] is not JsonObject properties)
        {
            return;
        }

        var allowed = side["properties"] as JsonObject ?? [];
        foreach (var name in properties.Select(p => p.Key).Where(n => !allowed.ContainsKey(n)).ToList())
        {
            if (merged["required"] is JsonArray required && Contains(required, name))
            {
                throw SchemaProblem.At(path, $"demands the property '{name}' in one part of allOf and forbids it in another");
            }

            properties.Remove(name);
        }
    }

    private static JsonArray Types(JsonNode? a, JsonNode? b, string path)
    {
        var (x, y) = (SchemaTypes.Names(a, path), SchemaTypes.Names(b, path));
        var common = x.Where(t => y.Contains(t) || (t == "integer" && y.Contains("number"))).Concat(y.Where(t => t == "integer" && x.Contains("number"))).Distinct();
        return new JsonArray([.. common.Select(t => (JsonNode)t)]);
    }

    private static JsonNode? Pick(JsonNode? a, JsonNode? b, Func<decimal, decimal, decimal> pick) =>
        SchemaKeywords.Decimal(a) is { } x && SchemaKeywords.Decimal(b) is { } y ? (pick(x, y) == x ? a : b)?.DeepClone() : null;

    private static bool Contains(JsonArray array, JsonNode? node) => array.Any(n => JsonNode.DeepEquals(n, node));

    private static ProblemException Conflict(string keyword, string path) =>
        SchemaProblem.At(path, $"joins two different values of '{keyword}', which is not supported. Write one schema instead");
}
