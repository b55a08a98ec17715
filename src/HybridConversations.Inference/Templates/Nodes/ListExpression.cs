using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>[a, b]</c>, or the tuple <c>a, b</c>.</summary>
internal sealed class ListExpression(IReadOnlyList<Expression> items, bool isTuple) : Expression
{
    public IReadOnlyList<Expression> Items { get; } = items;

    public bool IsTuple { get; } = isTuple;

    protected override IEnumerable<Node> Parts => Items;

    protected override Value Compute(Scope scope)
    {
        scope.Meter.Elements(Items.Count);
        var values = new Value[Items.Count];
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = Items[at].Evaluate(scope);
        }

        return new ListValue(values, IsTuple);
    }
}
