using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>a[from:to:step]</c> of a list or a text, as in Python.</summary>
internal sealed class SliceExpression(Expression owner, Expression? from, Expression? to, Expression? step) : Expression
{
    protected override IEnumerable<Node> Parts => ((Node?[])[owner, from, to, step]).OfType<Node>();

    protected override Value Compute(Scope scope)
    {
        var value = owner.Evaluate(scope);
        if (value is not (ListValue or TextValue))
        {
            throw Fail.Evaluation($"a {value.Kind} cannot be cut into a slice");
        }

        var (first, last, stride) = (Bound(from, scope), Bound(to, scope), Bound(step, scope));
        if (value is ListValue list)
        {
            return ListValue.Of(Cut(list.Items, first, last, stride ?? 1), scope.Meter);
        }

        var text = ((TextValue)value).Text;
        return new TextValue(scope.Meter.Made(string.Concat(Cut(Texts.Characters(text, scope.Meter), first, last, stride ?? 1))));
    }

    private static double? Bound(Expression? expression, Scope scope) => expression?.Evaluate(scope) switch
    {
        null or UndefinedValue => null,
        NumberValue { IsFloat: false } number => number.Number,
        var other => throw Fail.Evaluation($"a slice begins and ends at an integer, not a {other.Kind}"),
    };

    private static List<T> Cut<T>(IReadOnlyList<T> items, double? from, double? to, double step)
    {
        var count = items.Count;
        var forward = step >= 0;
        var (low, high) = forward ? (0, count) : (-1, count - 1);
        var start = Clamp(from ?? (forward ? 0 : count - 1), from is not null);
        var stop = Clamp(to ?? (forward ? count : -1), to is not null);
        var cut = new List<T>();
        for (var at = start; step != 0 && (forward ? at < stop : at > stop); at += step)
        {
            cut.Add(items[(int)at]);
        }

        return cut;

        double Clamp(double value, bool isGiven) => Math.Clamp(isGiven && value < 0 ? count + value : value, low, high);
    }
}
