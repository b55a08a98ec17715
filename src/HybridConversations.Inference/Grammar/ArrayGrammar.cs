using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>Writes an array: the items of prefixItems, all of them, then others between its bounds.</summary>
internal static class ArrayGrammar
{
    private const int MaxCount = 1000;

    public static string Write(SchemaCompiler compiler, JsonObject schema, string path, string hint)
    {
        var rules = compiler.Rules;
        var space = rules.Use(JsonRules.Space);
        var first = Prefix(compiler, schema, path, hint);
        var min = (SchemaKeywords.Count(schema, "minItems", path, MaxCount) ?? 0) - first.Count;
        var max = SchemaKeywords.Count(schema, "maxItems", path, MaxCount) - first.Count;
        if (max < Math.Max(min, 0))
        {
            throw SchemaProblem.At(path, $"allows at most {max + first.Count} items and needs at least {Math.Max(min, 0) + first.Count}");
        }

        min = Math.Max(min, 0);
        string inner;
        if (SchemaKeywords.IsBoolean(schema["items"], false) || max == 0)
        {
            inner = min == 0 ? string.Join($" \",\" {space} ", first) : throw SchemaProblem.At(path, $"needs {min} items more than it allows");
        }
        else
        {
            var item = compiler.Visit(schema["items"] ?? JsonValue.Create(true), $"{path}/items", $"{hint}item");
            inner = Items(rules, space, first, item, hint, min, max);
        }

        var mayBeEmpty = first.Count == 0 && min == 0;
        inner = inner.Length == 0 ? "" : mayBeEmpty ? $" ({inner} {space})?" : $" {inner} {space}";
        return rules.Add(hint, $"\"[\" {space}{inner} \"]\"");
    }

    private static List<string> Prefix(SchemaCompiler compiler, JsonObject schema, string path, string hint)
    {
        if (!schema.TryGetPropertyValue("prefixItems", out var node))
        {
            return schema["items"] is JsonArray ? throw SchemaProblem.At(path, "has a list as items; since 2020 that is called prefixItems") : [];
        }

        return node is JsonArray prefix
            ? [.. prefix.Select((s, i) => compiler.Visit(s, $"{path}/prefixItems/{i}", $"{hint}item"))]
            : throw SchemaProblem.At(path, "has prefixItems that are no list");
    }

    private static string Items(GbnfRules rules, string space, List<string> first, string item, string hint, int min, int? max)
    {
        var next = rules.Add($"{hint}next", $"\",\" {space} {item}");
        return first.Count > 0
            ? $"{string.Join($" \",\" {space} ", first)} {rules.Repeat(next, min, max)}"
            : $"{item} {rules.Repeat(next, Math.Max(min - 1, 0), max - 1)}".TrimEnd();
    }
}
