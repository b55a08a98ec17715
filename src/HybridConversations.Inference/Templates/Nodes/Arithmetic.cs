using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>Operators between numbers.</summary>
internal static class Arithmetic
{
    /// <summary>Null where the operator has no meaning for these values.</summary>
    public static Value? Compute(string operation, Value left, Value right)
    {
        if (operation == "**" && Ordering.Number(left) is { } number && Ordering.Number(right) is { } exponent)
        {
            return Power(number, exponent, left is NumberValue { IsFloat: true } || right is NumberValue { IsFloat: true });
        }

        if (left is not NumberValue { Number: var a } first || right is not NumberValue { Number: var b } second)
        {
            return null;
        }

        var isFloat = first.IsFloat || second.IsFloat;
        return operation switch
        {
            "+" => new NumberValue(a + b, isFloat),
            "-" => new NumberValue(a - b, isFloat),
            "*" => new NumberValue(a * b, isFloat),
            "/" => NumberValue.Float(a / b),
            "//" => new NumberValue(Math.Floor(a / b), isFloat),
            "%" => new NumberValue(a % b, isFloat),
            "<" => BooleanValue.Of(a < b),
            ">" => BooleanValue.Of(a > b),
            "<=" => BooleanValue.Of(a <= b),
            ">=" => BooleanValue.Of(a >= b),
            _ => null,
        };
    }

    private static NumberValue Power(double number, double exponent, bool isFloat)
    {
        var result = Math.Pow(number, exponent);
        return (number != 0 || exponent >= 0) && double.IsFinite(result)
            ? new NumberValue(result, isFloat || exponent < 0)
            : throw Fail.Evaluation($"{number} ** {exponent} is no finite number");
    }
}
