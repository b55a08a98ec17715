namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>When two values are the same, by ECMAScript's rules, which are the oracle's.</summary>
internal static class Equality
{
    /// <summary><c>==</c> in a template: numbers, booleans and texts that read as numbers equal one another; none equals undefined.</summary>
    public static bool Loose(Value left, Value right, Meter meter)
    {
        if (left is NullValue or UndefinedValue || right is NullValue or UndefinedValue)
        {
            return left is NullValue or UndefinedValue && right is NullValue or UndefinedValue;
        }

        if (IsReference(left) && IsReference(right))
        {
            return ReferenceEquals(left, right);
        }

        if (left is FunctionValue || right is FunctionValue)
        {
            return false;
        }

        var (a, b) = (Primitive(left, meter), Primitive(right, meter));
        return a is TextValue x && b is TextValue y ? x.Text == y.Text : Number(a) == Number(b);
    }

    /// <summary>The same kind and value; lists and mappings only themselves. <c>in</c> and the test <c>eq</c>.</summary>
    public static bool Strict(Value left, Value right) => (left, right) switch
    {
        (NumberValue a, NumberValue b) => a.Number == b.Number,
        (TextValue a, TextValue b) => a.Text == b.Text,
        _ => ReferenceEquals(left, right),
    };

    /// <summary>Two lists with the same elements.</summary>
    public static bool Elements(ListValue left, Value right) =>
        right is ListValue list && left.Items.Count == list.Items.Count && left.Items.Zip(list.Items).All(pair => Strict(pair.First, pair.Second));

    /// <summary>Something that is equal where values are the same, as in a set.</summary>
    public static object Key(Value value) => value switch
    {
        NumberValue number => number.Number == 0 ? 0.0 : number.Number,
        TextValue text => text.Text,
        NullValue => UndefinedValue.Instance,
        _ => value,
    };

    private static bool IsReference(Value value) => value is ListValue or MapValue or NamespaceValue or FunctionValue;

    private static Value Primitive(Value value, Meter meter) => IsReference(value) ? new TextValue(value.Join(meter)) : value;

    private static double Number(Value value) => value is TextValue text ? Numbers.Parse(text.Text) : Ordering.Number(value) ?? double.NaN;
}
