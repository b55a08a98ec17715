using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary><c>tojson</c>, which takes its options by name.</summary>
internal static class JsonFilter
{
    private const int MaxIndent = 64;

    public static TextValue Apply(Value operand, Arguments arguments, Meter meter)
    {
        var named = arguments with { Positional = [] };
        var layout = new JsonLayout(Indent(named.Integer(0, "indent")), EnsureAscii: named.Flag(0, "ensure_ascii"), SortKeys: named.Flag(0, "sort_keys"));
        layout = named.At(0, "separators") switch
        {
            null or NullValue => layout,
            ListValue { Items: [TextValue item, TextValue key] } => layout with { ItemSeparator = item.Text, KeySeparator = key.Text },
            _ => throw Fail.Evaluation("separators are two strings"),
        };
        return new TextValue(TemplateJson.Write(operand, layout, meter));
    }

    private static int Indent(double? indent) => indent switch
    {
        null => 0,
        >= 0 and <= MaxIndent => (int)indent,
        _ => throw Fail.Evaluation($"indent is 0 to {MaxIndent}"),
    };
}
