using System.Globalization;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>An integer or a float. Both are doubles, as in the oracle: integers are exact to 2^53.</summary>
internal sealed class NumberValue(double value, bool isFloat) : Value
{
    public double Number { get; } = value;

    public bool IsFloat { get; } = isFloat;

    public override string Kind => IsFloat ? "float" : "integer";

    public override bool IsTrue => Number != 0 && !double.IsNaN(Number);

    public static NumberValue Integer(double value) => new(value, isFloat: false);

    public static NumberValue Float(double value) => new(value, isFloat: true);

    public override string Print(Meter meter) =>
        !IsFloat ? Numbers.Format(Number)
        : Number == 0 ? double.IsNegative(Number) ? "-0.0" : "0.0"
        : Math.Abs(Number) < 1e21 && Math.Floor(Number) == Number ? Number.ToString("F1", CultureInfo.InvariantCulture)
        : Numbers.Format(Number);

    public override string Join(Meter meter) => Numbers.Format(Number);
}
