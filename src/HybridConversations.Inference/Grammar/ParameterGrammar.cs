namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Writes the grammar of a call's parameters where each stands between marks: in the order of the schema, those that are required always. A text is any text that does not hold the mark
/// behind it (or one of the schema's <c>enum</c>; its other keywords are not enforced), anything else is JSON by its schema.
/// </summary>
internal static class ParameterGrammar
{
    /// <param name="schema">The JSON schema of an object; null for any parameters.</param>
    /// <param name="marks">The marks.</param>
    /// <param name="end">What stands behind the last.</param>
    public static string Of(string? schema, ParameterMarks marks, string end)
    {
        var arguments = CallArguments.Of(schema);
        var rules = arguments.Compiler.Rules;
        var root = rules.Reserve("root");
        var text = marks.IsOnLines
            ? rules.Add("text", """([^\n] | "\n"+ [^\n<] | "\n"+ "<" [^/\n])* "\n"*""")
            : rules.Add("text", """([^<] | "<"+ [^</])*""");
        var parameters = arguments.Parameters.Select(parameter =>
        {
            var value = !parameter.IsText ? arguments.RuleOf(parameter)
                : parameter.Texts is { } texts ? GbnfText.Alternatives([.. texts.Select(GbnfText.Literal)])
                : text;
            var rule = rules.Add("parameter", $"{GbnfText.Literal(marks.Before + parameter.Name + marks.AfterName)} {value} {GbnfText.Literal(marks.After)}");
            return parameter.Required ? rule : $"{rule}?";
        });
        var any = rules.Add("any", $"{GbnfText.Literal(marks.Before)} [a-zA-Z0-9_.-]+ {GbnfText.Literal(marks.AfterName)} {text} {GbnfText.Literal(marks.After)}");
        rules.Set(root, $"{(arguments.IsAny ? $"{any}*" : string.Join(' ', parameters))} {GbnfText.Literal(end)}".TrimStart());
        return rules.ToString();
    }
}
