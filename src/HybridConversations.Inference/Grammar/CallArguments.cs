using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Grammar;

/// <summary>The parameters of a function by its schema, for grammars of calls that are not JSON.</summary>
internal sealed class CallArguments
{
    private const string Open = "#";

    private CallArguments(JsonObject schema)
    {
        Compiler = new SchemaCompiler(schema);
        var required = schema["required"] is JsonArray names ? names.Where(name => name is JsonValue).Select(name => name!.ToString()).ToHashSet(StringComparer.Ordinal) : [];
        Parameters = [.. (schema["properties"] as JsonObject ?? []).Select(property => new Parameter(property.Key, property.Value, required.Contains(property.Key)))];
        IsAny = schema["properties"] is not JsonObject && !schema.ContainsKey("additionalProperties");
    }

    public SchemaCompiler Compiler { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Nothing is said of them: any may come.</summary>
    public bool IsAny { get; }

    /// <param name="schema">A JSON schema; null for any arguments.</param>
    /// <exception cref="ProblemException">It cannot be enforced.</exception>
    public static CallArguments Of(string? schema)
    {
        var root = schema is null ? new JsonObject() : JsonSchemaGrammar.Parse(schema);
        if (root is not JsonObject members)
        {
            throw SchemaProblem.At(Open, "is no object");
        }

        var other = members.Select(member => member.Key).FirstOrDefault(key => SchemaKeywords.Enforced.Contains(key) && key is not ("type" or "properties" or "required" or "additionalProperties"));
        return other is null ? new CallArguments(members) : throw SchemaProblem.At(Open, $"has '{other}' beside its properties, which calls in the form of this model cannot be held to");
    }

    /// <summary>Is a parameter a text by its schema: a string, or one of some strings?</summary>
    public static bool IsText(JsonNode? schema) => schema is JsonObject members && members["type"] switch
    {
        JsonValue type => type.ToString() == "string",
        null => members["const"] is { } constant ? IsString(constant) : members["enum"] is JsonArray { Count: > 0 } texts && texts.All(IsString),
        _ => false,
    };

    private static bool IsString(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String;

    /// <summary>The rule of a parameter that is no text.</summary>
    public string RuleOf(Parameter parameter) => Compiler.Visit(parameter.Schema, $"{Open}/properties/{parameter.Name}", parameter.Name);

    /// <summary>A parameter.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Schema">What it may be.</param>
    /// <param name="Required">It must come.</param>
    public sealed record Parameter(string Name, JsonNode? Schema, bool Required)
    {
        /// <summary>It is a text, written as it is.</summary>
        public bool IsText => CallArguments.IsText(Schema);

        /// <summary>The texts that it may be; null for any.</summary>
        public IReadOnlyList<string>? Texts => Schema is not JsonObject schema ? null
            : schema["const"] is JsonValue constant ? [constant.ToString()]
            : schema["enum"] is JsonArray { Count: > 0 } texts ? [.. texts.OfType<JsonValue>().Select(text => text.ToString())]
            : null;
    }
}
