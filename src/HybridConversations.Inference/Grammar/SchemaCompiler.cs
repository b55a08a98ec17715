using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>Walks a JSON schema and writes its grammar. Every visit returns the name of a rule.</summary>
internal sealed class SchemaCompiler(JsonNode? root)
{
    private const int MaxValues = 1000;

    private readonly SchemaReferences _references = new(root);
    private readonly Dictionary<string, string> _referenceRules = new(StringComparer.Ordinal);
    private int _depth;
    private int _visits;

    public GbnfRules Rules { get; } = new();

    public string Compile()
    {
        var name = Rules.Reserve("root");
        _referenceRules.Add("#", name);
        Rules.Set(name, Visit(root, "#", "value", SchemaChain.Of("#")));
        return Rules.ToString();
    }

    /// <summary>The rule of a schema inside an object or array.</summary>
    public string Visit(JsonNode? schema, string path, string hint) => Visit(schema, path, hint, null);

    private string Visit(JsonNode? schema, string path, string hint, SchemaChain? chain)
    {
        if (++_visits > JsonSchemaGrammar.MaxSubschemas)
        {
            throw SchemaProblem.At(path, $"is one subschema more than the {JsonSchemaGrammar.MaxSubschemas} that are allowed");
        }

        if (++_depth > JsonSchemaGrammar.MaxDepth)
        {
            throw SchemaProblem.At(path, $"is nested deeper than {JsonSchemaGrammar.MaxDepth} subschemas");
        }

        var rule = schema switch
        {
            _ when SchemaKeywords.IsBoolean(schema, true) => Rules.Use(JsonRules.Value),
            _ when SchemaKeywords.IsBoolean(schema, false) => throw SchemaProblem.At(path, "is false, so nothing is allowed there"),
            JsonObject members => VisitObject(members, path, hint, chain),
            _ => throw SchemaProblem.At(path, $"is {SchemaKeywords.Show(schema)}; a schema is an object, true or false"),
        };
        _depth--;
        return rule;
    }

    private string VisitObject(JsonObject schema, string path, string hint, SchemaChain? chain)
    {
        SchemaKeywords.Check(schema, path);
        if (schema.ContainsKey("$ref") && !SchemaKeywords.Restricts(schema, "$ref"))
        {
            return VisitReference(schema["$ref"], path, chain);
        }

        if (schema["allOf"] is JsonArray { Count: 1 } only && !SchemaKeywords.Restricts(schema, "allOf"))
        {
            return Visit(only[0], $"{path}/allOf/0", hint, chain);
        }

        if (schema.ContainsKey("$ref") || schema.ContainsKey("allOf"))
        {
            schema = _references.Flatten(schema, path, chain);
        }

        if (schema.TryGetPropertyValue("nullable", out var nullable))
        {
            var strict = (JsonObject)schema.DeepClone();
            strict.Remove("nullable");
            var rule = Visit(strict, path, hint, chain);
            return SchemaKeywords.IsBoolean(nullable, true) ? Rules.Add(hint, $"{rule} | {Rules.Use(JsonRules.Null)}") : rule;
        }

        if (schema.ContainsKey("const") || schema.ContainsKey("enum"))
        {
            return VisitValues(schema, path, hint);
        }

        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (schema.ContainsKey(keyword))
            {
                return VisitBranches(schema, keyword, path, hint, chain);
            }
        }

        var types = SchemaTypes.Of(schema, path);
        return types.Count == 0 ? Rules.Use(JsonRules.Value) : Rules.Add(hint, string.Join(" | ", types.Select(t => VisitType(t, schema, path, hint))));
    }

    private string VisitType(string type, JsonObject schema, string path, string hint) => type switch
    {
        "object" => new ObjectGrammar(this, schema, path, hint).Write(),
        "array" => ArrayGrammar.Write(this, schema, path, hint),
        "string" => StringGrammar.Write(Rules, schema, path, hint),
        "integer" or "number" => NumberGrammar.Write(Rules, schema, path, hint, type == "integer"),
        "boolean" => Rules.Use(JsonRules.Boolean),
        _ => Rules.Use(JsonRules.Null),
    };

    private string VisitReference(JsonNode? reference, string path, SchemaChain? chain)
    {
        var pointer = SchemaReferences.Pointer(reference, path);
        if (chain.Contains(pointer))
        {
            throw SchemaReferences.Endless(pointer, path);
        }

        if (!_referenceRules.TryGetValue(pointer, out var name))
        {
            var target = _references.Resolve(pointer, path);
            name = Rules.Reserve(pointer[(pointer.LastIndexOf('/') + 1)..]);
            _referenceRules.Add(pointer, name);
            Rules.Set(name, Visit(target, pointer, name, chain.With(pointer)));
        }

        return name;
    }

    private string VisitBranches(JsonObject schema, string keyword, string path, string hint, SchemaChain? chain)
    {
        if (schema[keyword] is not JsonArray { Count: > 0 } branches)
        {
            throw SchemaProblem.At(path, $"has {keyword} {SchemaKeywords.Show(schema[keyword])}; a list of schemas that is not empty is needed");
        }

        var rest = (JsonObject)schema.DeepClone();
        rest.Remove(keyword);
        var restricts = SchemaKeywords.Restricts(rest);
        var rules = branches.Select((branch, i) =>
        {
            var place = $"{path}/{keyword}/{i}";
            var joined = restricts && branch is JsonObject members ? SchemaMerge.Merge(rest, _references.Flatten(members, place, chain), place) : branch;
            return Visit(restricts && SchemaKeywords.IsBoolean(branch, true) ? rest : joined, place, hint, chain);
        });
        return Rules.Add(hint, string.Join(" | ", rules.ToList().Distinct(StringComparer.Ordinal)));
    }

    private string VisitValues(JsonObject schema, string path, string hint)
    {
        foreach (var keyword in SchemaKeywords.Enforced)
        {
            if (keyword is not ("const" or "enum" or "type") && schema.ContainsKey(keyword))
            {
                throw SchemaProblem.At(path, $"has '{keyword}' beside enum or const; list the values that are allowed and leave '{keyword}' out");
            }
        }

        var values = schema.TryGetPropertyValue("enum", out var list) ? list as JsonArray ?? throw SchemaProblem.At(path, "has an enum that is no list") : null;
        IEnumerable<JsonNode?> allowed = values ?? new JsonArray(schema["const"]?.DeepClone());
        if (values is not null && schema.TryGetPropertyValue("const", out var constant))
        {
            allowed = allowed.Where(v => JsonNode.DeepEquals(v, constant));
        }

        var types = schema.ContainsKey("type") ? SchemaTypes.Of(schema, path) : [];
        var literals = allowed.Where(v => SchemaTypes.Allows(types, v)).Select(v => GbnfText.Literal(CompactJson.Write(v))).Distinct().ToList();
        return literals.Count is > 0 and <= MaxValues
            ? Rules.Add(hint, string.Join(" | ", literals))
            : throw SchemaProblem.At(path, $"allows {literals.Count} values by enum, const and type; 1 to {MaxValues} are possible");
    }
}
