using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters of texts.</summary>
internal static class TextFilters
{
    private const int MaxIndent = 1000;

    public static Value? Apply(string name, TextValue operand, Arguments arguments, Meter meter)
    {
        var text = operand.Text;
        return name switch
        {
            "length" or "count" => NumberValue.Integer(text.Length),
            "upper" => Made(Texts.Upper(text), meter),
            "lower" => Made(Texts.Lower(text), meter),
            "title" => Made(Texts.Title(text), meter),
            "capitalize" => Made(TextMethods.Capitalize(text), meter),
            "trim" => Made(Texts.Trim(text), meter),
            "indent" => Indent(text, arguments, meter),
            "replace" => TextMethods.Replace(text, arguments, meter),
            "join" or "string" => operand,
            "int" => NumberValue.Integer(Numbers.ParseInteger(text) is var integer && double.IsNaN(integer) ? 0 : integer),
            "float" => NumberValue.Float(Numbers.ParseFloat(text) is var number && double.IsNaN(number) ? 0 : number),
            "list" => ListValue.Of([.. Texts.Characters(text, meter).Select(character => new TextValue(character))], meter),
            _ => null,
        };
    }

    private static TextValue Made(string text, Meter meter) => new(meter.Made(text));

    private static TextValue Indent(string text, Arguments arguments, Meter meter)
    {
        var width = (arguments.At(0, "width") ?? NumberValue.Integer(4)) is NumberValue { IsFloat: false, Number: >= 0 and <= MaxIndent and var number }
            ? number
            : throw Fail.Evaluation($"width is an integer from 0 to {MaxIndent}");
        var (first, blank) = (arguments.At(1, "first")?.IsTrue ?? false, arguments.At(2, "blank")?.IsTrue ?? false);
        var lines = text.AsSpan().Count('\n') + 1;
        meter.Elements(lines);
        meter.Characters(text.Length + (long)number * lines);
        var indent = new string(' ', (int)number);
        return new TextValue(string.Join('\n', text.Split('\n').Select((line, at) => (at == 0 && !first) || (line.Length == 0 && !blank) ? line : indent + line)));
    }
}
