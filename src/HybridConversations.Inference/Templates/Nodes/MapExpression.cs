using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{key: value}</c>.</summary>
internal sealed class MapExpression(IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression
{
    protected override IEnumerable<Node> Parts => entries.SelectMany(entry => (Node[])[entry.Key, entry.Value]);

    protected override Value Compute(Scope scope)
    {
        scope.Meter.Elements(entries.Count);
        var map = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            var name = key.Evaluate(scope) is TextValue text ? text.Text : throw Fail.Evaluation("the keys of a mapping are strings");
            map[name] = value.Evaluate(scope);
        }

        return new MapValue(map);
    }
}
