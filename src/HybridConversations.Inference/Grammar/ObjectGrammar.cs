using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>Writes an object: its properties in the order of the schema, optional ones or not, then others where they are allowed.</summary>
internal sealed class ObjectGrammar(SchemaCompiler compiler, JsonObject schema, string path, string hint)
{
    private const int MaxCount = 1000;
    private readonly GbnfRules _rules = compiler.Rules;
    private readonly string _space = compiler.Rules.Use(JsonRules.Space);

    public string Write()
    {
        var properties = Properties();
        var (min, max) = (SchemaKeywords.Count(schema, "minProperties", path, MaxCount) ?? 0, SchemaKeywords.Count(schema, "maxProperties", path, MaxCount));
        if (max < min)
        {
            throw SchemaProblem.At(path, $"needs at least {min} and at most {max} properties");
        }

        var other = Other(properties);
        if (properties.Count == 0)
        {
            var none = $"\"{{\" {_space} \"}}\"";
            return _rules.Add(hint, other is null || max == 0 ? (min == 0 ? none : throw Impossible("minProperties")) : Braces(List(other, min, max), min == 0));
        }

        CheckCounts(properties, other is not null, min, max);
        return _rules.Add(hint, Braces(Members(properties, other), properties.TrueForAll(p => !p.Required)));
    }

    private List<Property> Properties()
    {
        var members = schema.TryGetPropertyValue("properties", out var node)
            ? node as JsonObject ?? throw SchemaProblem.At(path, "has properties that are no object")
            : [];
        var required = Required();
        var properties = new List<Property>();
        foreach (var (name, value) in members)
        {
            if (name.Length > Limits.MaxIdCharacters)
            {
                throw SchemaProblem.At(path, $"has a property whose name has {name.Length} characters; at most {Limits.MaxIdCharacters} are allowed");
            }

            var isRequired = required.Remove(name);
            if (isRequired || !SchemaKeywords.IsBoolean(value, false))
            {
                properties.Add(new Property(name, isRequired, value, PropertyPath(name)));
            }
        }

        foreach (var name in required)
        {
            var others = schema["additionalProperties"];
            var open = others is not null ? !SchemaKeywords.IsBoolean(others, false) : !schema.ContainsKey("properties");
            properties.Add(open
                ? new Property(name, true, others is JsonObject ? others : JsonValue.Create(true), $"{path}/additionalProperties")
                : throw SchemaProblem.At(path, $"requires '{name}', which is not among its properties"));
        }

        return properties;
    }

    private List<string> Required()
    {
        if (!schema.TryGetPropertyValue("required", out var node))
        {
            return [];
        }

        return node is JsonArray array && array.All(n => n?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(n => n!.GetValue<string>()).Distinct(StringComparer.Ordinal)]
            : throw SchemaProblem.At(path, $"has required {SchemaKeywords.Show(node)}; a list of names is needed");
    }

    // The rule of a member that is not among the properties; null where there is none.
    private string? Other(List<Property> properties)
    {
        var others = schema["additionalProperties"];
        var open = others is not null ? !SchemaKeywords.IsBoolean(others, false) : !schema.ContainsKey("properties") && !schema.ContainsKey("required");
        if (!open)
        {
            return null;
        }

        var names = (schema["properties"] as JsonObject)?.Select(p => p.Key).Concat(properties.Select(p => p.Name)).Distinct(StringComparer.Ordinal)
            ?? properties.Select(p => p.Name);
        var key = names.Any() ? _rules.Add($"{hint}key", KeyExclusion.Write(names, _rules)) : _rules.Use(JsonRules.String);
        var value = compiler.Visit(others ?? JsonValue.Create(true), $"{path}/additionalProperties", $"{hint}value");
        return _rules.Add($"{hint}member", $"{key} \":\" {_space} {value}");
    }

    // From the last to the first: what may follow when something has been written, and when nothing has.
    private string Members(List<Property> properties, string? other)
    {
        var following = other is null ? "" : $"(\",\" {_space} {other})*";
        var first = other is null ? null : List(other, 1, null);
        var leading = properties.FindIndex(p => p.Required);
        leading = leading < 0 ? properties.Count : leading;
        for (var i = properties.Count - 1; i >= 0; i--)
        {
            var (name, required, value, place) = properties[i];
            var rule = compiler.Visit(value, place, name);
            var member = $"{GbnfText.Literal(CompactJson.Write(name) + ":")} {_space} {rule}";
            if (i <= leading)
            {
                // Used twice from here on: a rule of its own keeps the grammar's size linear.
                following = following.Length == 0 || required ? following : _rules.Add($"{hint}rest", following);
                var start = $"{member} {following}".TrimEnd();
                first = required || first is null ? start : $"{start} | {first}";
            }

            following = $"{(required ? $"\",\" {_space} {member}" : $"(\",\" {_space} {member})?")} {following}".TrimEnd();
        }

        return first!;
    }

    private string List(string member, int min, int? max) => max == 1
        ? member
        : $"{member} {_rules.Repeat(_rules.Add($"{hint}next", $"\",\" {_space} {member}"), Math.Max(min - 1, 0), max - 1)}";

    private string Braces(string inner, bool mayBeEmpty) =>
        $"\"{{\" {_space} {(mayBeEmpty ? $"(({inner}) {_space})?" : $"({inner}) {_space}")} \"}}\"";

    private void CheckCounts(List<Property> properties, bool open, int min, int? max)
    {
        if (min > properties.Count(p => p.Required))
        {
            throw Impossible("minProperties");
        }

        if (max < properties.Count || (max is not null && open))
        {
            throw Impossible("maxProperties");
        }
    }

    private ProblemException Impossible(string keyword) =>
        SchemaProblem.At(path, $"has '{keyword}' that its properties do not fulfil by themselves, which cannot be enforced. Use 'required' instead");

    private string PropertyPath(string name) =>
        $"{path}/properties/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private sealed record Property(string Name, bool Required, JsonNode? Schema, string Path);
}
