using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters of numbers.</summary>
internal static class NumberFilters
{
    public static Value? Apply(string name, NumberValue number, Meter meter) => name switch
    {
        "abs" => new NumberValue(Math.Abs(number.Number), number.IsFloat),
        "int" => NumberValue.Integer(Math.Floor(number.Number)),
        "float" => NumberValue.Float(number.Number),
        "string" => new TextValue(number.Print(meter)),
        _ => null,
    };

    /// <summary><c>int(default)</c> and <c>float(default)</c>; a number stays what it is, as in the oracle.</summary>
    public static Value Convert(string name, Value operand, Arguments arguments)
    {
        var toInteger = name == "int";
        switch (operand)
        {
            case TextValue text:
                var parsed = toInteger ? Numbers.ParseInteger(text.Text) : Numbers.ParseFloat(text.Text);
                return double.IsNaN(parsed) ? arguments.At(0, "default") ?? new NumberValue(0, !toInteger) : new NumberValue(parsed, !toInteger);
            case NumberValue:
                return operand;
            case BooleanValue:
                return new NumberValue(operand.IsTrue ? 1 : 0, !toInteger);
            default:
                throw Fail.Evaluation($"there is no filter '{name}' for a {operand.Kind}");
        }
    }
}
