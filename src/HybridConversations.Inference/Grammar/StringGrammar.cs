using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>Writes a string with its length, pattern or format.</summary>
internal static class StringGrammar
{
    private const int MaxLength = 10_000;
    private const string Quote = "\"\\\"\"";

    public static string Write(GbnfRules rules, JsonObject schema, string path, string hint)
    {
        var min = SchemaKeywords.Count(schema, "minLength", path, MaxLength);
        var max = SchemaKeywords.Count(schema, "maxLength", path, MaxLength);
        var pattern = Text(schema, "pattern", path);
        var format = Text(schema, "format", path) is { } name && JsonRules.IsFormat(name) ? name : null;
        if (max < (min ?? 0))
        {
            throw SchemaProblem.At(path, $"needs at least {min} and allows at most {max} characters");
        }

        if ((pattern is not null ? 1 : 0) + (format is not null ? 1 : 0) + (min > 0 || max is not null ? 1 : 0) > 1)
        {
            throw SchemaProblem.At(path, "uses more than one of pattern, format and a length, which cannot be enforced together. Put the length into the pattern");
        }

        if (pattern is not null)
        {
            return rules.Add(hint, $"{Quote} {RegexGrammar.Write(pattern, path, rules)} {Quote}");
        }

        if (format is not null)
        {
            return rules.Add(hint, $"{Quote} {rules.Use(format)} {Quote}");
        }

        return min is null or 0 && max is null
            ? rules.Use(JsonRules.String)
            : rules.Add(hint, $"{Quote} {rules.Repeat(rules.Use(JsonRules.Character), min ?? 0, max)} {Quote}");
    }

    private static string? Text(JsonObject schema, string keyword, string path)
    {
        if (!schema.TryGetPropertyValue(keyword, out var node))
        {
            return null;
        }

        return node?.GetValueKind() == JsonValueKind.String
            ? node.GetValue<string>()
            : throw SchemaProblem.At(path, $"has {keyword} {SchemaKeywords.Show(node)}; a text is needed");
    }
}
