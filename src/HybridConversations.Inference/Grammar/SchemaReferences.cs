using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>The references that led to a subschema without an object or array between them.</summary>
internal sealed record SchemaChain(string Pointer, SchemaChain? Before)
{
    public static SchemaChain Of(string pointer) => new(pointer, null);
}

/// <summary>Follows <c>$ref</c> inside a schema.</summary>
internal sealed class SchemaReferences(JsonNode? root)
{
    private const int MaxFlattened = 512;
    private int _flattened;

    /// <summary>The pointer in a <c>$ref</c>, such as <c>#/$defs/person</c>.</summary>
    public static string Pointer(JsonNode? reference, string path)
    {
        var text = reference?.GetValueKind() == JsonValueKind.String ? reference.GetValue<string>() : null;
        return text is "#" || text?.StartsWith("#/", StringComparison.Ordinal) == true
            ? Uri.UnescapeDataString(text)
            : throw SchemaProblem.At(path, $"has $ref {SchemaKeywords.Show(reference)}; only a pointer into this schema is allowed, such as \"#/$defs/name\"");
    }

    public static ProblemException Endless(string pointer, string path) =>
        SchemaProblem.At(path, $"refers to {pointer}, which refers back with no object or array between, so it would never end");

    public JsonNode? Resolve(string pointer, string path)
    {
        var node = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var found = node switch
            {
                JsonObject members => members.TryGetPropertyValue(name, out node),
                JsonArray items when int.TryParse(name, out var index) && index >= 0 && index < items.Count => (node = items[index]) is not null,
                _ => false,
            };
            if (!found)
            {
                throw SchemaProblem.At(path, $"refers to {pointer}, which is not in the schema");
            }
        }

        return node;
    }

    /// <summary>The schema with its <c>$ref</c> and <c>allOf</c> put into it.</summary>
    public JsonObject Flatten(JsonObject schema, string path, SchemaChain? chain)
    {
        if (++_flattened > MaxFlattened)
        {
            throw SchemaProblem.At(path, $"joins more than {MaxFlattened} schemas by allOf and $ref");
        }

        SchemaKeywords.Check(schema, path);
        var flat = (JsonObject)schema.DeepClone();
        flat.Remove("allOf");
        flat.Remove("$ref");
        if (schema.TryGetPropertyValue("$ref", out var reference))
        {
            var pointer = Pointer(reference, path);
            if (chain.Contains(pointer))
            {
                throw Endless(pointer, path);
            }

            flat = Join(flat, Resolve(pointer, path), pointer, path, chain.With(pointer));
        }

        if (schema.TryGetPropertyValue("allOf", out var all))
        {
            var parts = all as JsonArray ?? throw SchemaProblem.At(path, $"has allOf {SchemaKeywords.Show(all)}; a list of schemas is needed");
            for (var i = 0; i < parts.Count; i++)
            {
                flat = Join(flat, parts[i], $"{path}/allOf/{i}", path, chain);
            }
        }

        return flat;
    }

    private JsonObject Join(JsonObject flat, JsonNode? part, string partPath, string path, SchemaChain? chain) => part switch
    {
        _ when SchemaKeywords.IsBoolean(part, true) => flat,
        JsonObject members => SchemaMerge.Merge(flat, Flatten(members, partPath, chain), path),
        _ => throw SchemaProblem.At(partPath, $"is {SchemaKeywords.Show(part)}; a schema that allows something is needed"),
    };
}

internal static class SchemaChains
{
    public static bool Contains(this SchemaChain? chain, string pointer)
    {
        for (; chain is not null; chain = chain.Before)
        {
            if (chain.Pointer == pointer)
            {
                return true;
            }
        }

        return false;
    }

    public static SchemaChain With(this SchemaChain? chain, string pointer) => new(pointer, chain);
}
