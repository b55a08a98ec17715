namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Writes the grammar of a call's arguments in Gemma 4's notation, from behind the opening brace on: names are bare and in their order, those that are required always; texts stand between
/// a mark, and those of the schema's <c>enum</c> are enforced; so are numbers, true and false; what is inside objects and lists is held to the notation alone.
/// </summary>
internal static class NotationGrammar
{
    /// <param name="schema">The JSON schema of an object; null for any arguments.</param>
    /// <param name="quote">What texts stand between.</param>
    /// <param name="end">What stands behind the last argument, the closing brace first.</param>
    public static string Of(string? schema, string quote, string end)
    {
        var arguments = CallArguments.Of(schema);
        var rules = arguments.Compiler.Rules;
        var (root, value) = (rules.Reserve("root"), rules.Reserve("noted"));
        var mark = GbnfText.Literal(quote);
        var text = rules.Add("quoted", $"{mark} ([^<] | \"<\"+ [^<|])* {mark}");
        var pair = rules.Add("pair", $"[a-zA-Z0-9_.-]+ \":\" {value}");
        rules.Set(value, $"{text} | {rules.Use(JsonRules.Number)} | {rules.Use(JsonRules.Boolean)} | {rules.Use(JsonRules.Null)} | \"{{\" ({pair} (\",\" {pair})*)? \"}}\" | \"[\" ({value} (\",\" {value})*)? \"]\"");
        var (following, first) = ("", arguments.IsAny ? $"({pair} (\",\" {pair})*)?" : "");
        var isRequired = false;
        foreach (var parameter in arguments.Parameters.OrderByDescending(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase))
        {
            // From the last to the first: what may come when something has been written, and when nothing has.
            var member = rules.Add("member", $"{GbnfText.Literal(parameter.Name + ":")} {Value(arguments, parameter, mark, text, value)}");
            var start = $"{member} {following}".TrimEnd();
            first = parameter.Required || first.Length == 0 ? start : $"{start} | {first}";
            first = first.Length == 0 ? "" : rules.Add("first", first);
            following = rules.Add("following", parameter.Required ? $"\",\" {member} {following}".TrimEnd() : $"(\",\" {member})? {following}".TrimEnd());
            isRequired |= parameter.Required;
        }

        first = first.Length == 0 || arguments.IsAny || isRequired ? first : $"{first}?";
        rules.Set(root, $"{first} {GbnfText.Literal(end)}".TrimStart());
        return rules.ToString();
    }

    private static string Value(CallArguments arguments, CallArguments.Parameter parameter, string mark, string text, string value) =>
        parameter.IsText ? parameter.Texts is { } texts ? GbnfText.Alternatives([.. texts.Select(one => $"{mark} {GbnfText.Literal(one)} {mark}")]) : text
        : parameter.Schema?["type"]?.ToString() is "integer" or "number" or "boolean" or "null" ? arguments.RuleOf(parameter)
        : value;
}
