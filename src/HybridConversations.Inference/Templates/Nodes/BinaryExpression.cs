using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>An operator between two values. Which pairs have a meaning is as in the oracle.</summary>
internal sealed class BinaryExpression(string operation, Expression left, Expression right) : Expression
{
    protected override IEnumerable<Node> Parts => [left, right];

    protected override Value Compute(Scope scope)
    {
        var (a, b) = (left.Evaluate(scope), right.Evaluate(scope));
        if (operation is "==" or "!=")
        {
            return BooleanValue.Of(Equality.Loose(a, b, scope.Meter) == (operation == "=="));
        }

        if (operation is "in" or "not in" && b is UndefinedValue)
        {
            return BooleanValue.Of(operation == "not in");
        }

        if (a is NullValue or UndefinedValue || b is NullValue or UndefinedValue)
        {
            throw NoMeaning(a, b);
        }

        return operation switch
        {
            "~" => Joined(a, b, scope.Meter),
            "in" => BooleanValue.Of(IsIn(a, b, scope.Meter)),
            "not in" => BooleanValue.Of(!IsIn(a, b, scope.Meter)),
            _ when Arithmetic.Compute(operation, a, b) is { } number => number,
            "+" when a is ListValue first && b is ListValue second => Concatenated(first, second, scope.Meter),
            "+" when a is TextValue || b is TextValue => Joined(a, b, scope.Meter),
            _ => throw NoMeaning(a, b),
        };
    }

    private static TextValue Joined(Value a, Value b, Meter meter)
    {
        var (first, second) = (a.Join(meter), b.Join(meter));
        meter.Characters((long)first.Length + second.Length);
        return new TextValue(first + second);
    }

    private static ListValue Concatenated(ListValue a, ListValue b, Meter meter)
    {
        meter.Elements((long)a.Items.Count + b.Items.Count);
        return new ListValue([.. a.Items, .. b.Items]);
    }

    private bool IsIn(Value a, Value b, Meter meter)
    {
        switch (a, b)
        {
            case (ListValue part, ListValue list):
                meter.Step((long)list.Items.Count * (1 + part.Items.Count));
                return list.Items.Any(item => Equality.Elements(part, item));
            case (_, ListValue list):
                meter.Step(list.Items.Count);
                return list.Items.Any(item => Equality.Strict(item, a));
            case (TextValue part, TextValue whole):
                meter.Step(1 + whole.Text.Length / 64);
                return whole.Text.Contains(part.Text, StringComparison.Ordinal);
            case (TextValue key, MapValue map):
                return map.Entries.ContainsKey(key.Text);
            default:
                throw NoMeaning(a, b);
        }
    }

    private TemplateException NoMeaning(Value a, Value b) => Fail.Evaluation($"'{operation}' has no meaning between {a.Kind} and {b.Kind}");
}
