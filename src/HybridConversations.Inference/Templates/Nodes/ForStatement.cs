using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>
/// <c>{% for %}</c>. As in the oracle, one scope serves all rounds, and a round that <c>continue</c> or <c>break</c> ends writes nothing and does not count for <c>else</c>.
/// </summary>
internal sealed class ForStatement(LoopTarget target, Expression items, Expression? condition, Block body, Block otherwise) : Statement
{
    protected override IEnumerable<Node> Parts => condition is null ? [items, body, otherwise] : [items, body, otherwise, condition];

    public override void Visit(NameUses uses)
    {
        uses.Declare(target.Names);
        base.Visit(uses);
    }

    protected override Flow Run(Scope scope)
    {
        var inner = new Scope(scope);
        var rounds = Chosen(Elements(items.Evaluate(inner), scope.Meter), inner);
        var counted = false;
        for (var at = 0; at < rounds.Count; at++)
        {
            inner.Set("loop", LoopVariable.Of(rounds, at));
            target.Assign(rounds[at], inner, takesTuples: false);
            var flow = Round(inner);
            if (flow == Flow.Break)
            {
                break;
            }

            counted |= flow == Flow.Next;
        }

        return counted ? Flow.Next : otherwise.Execute(inner);
    }

    private Flow Round(Scope inner)
    {
        var (output, meter) = (inner.Rendering.Output, inner.Meter);
        var (mark, depth) = (output.Length, meter.Depth);
        Flow flow;
        try
        {
            flow = body.Execute(inner);
        }
        catch (LoopControlException left)
        {
            meter.Depth = depth;
            flow = left.Flow;
        }

        if (flow != Flow.Next)
        {
            output.CutTo(mark);
        }

        return flow;
    }

    private List<Value> Chosen(IReadOnlyList<Value> elements, Scope inner)
    {
        var chosen = new List<Value>(elements.Count);
        foreach (var element in elements)
        {
            var own = new Scope(inner);
            target.Assign(element, own, takesTuples: false);
            if (condition is null || condition.Evaluate(own).IsTrue)
            {
                chosen.Add(element);
            }
        }

        return chosen;
    }

    /// <summary>What is gone through; nothing for an undefined value and the characters of a text, as in Python, where the oracle refuses.</summary>
    private static IReadOnlyList<Value> Elements(Value value, Meter meter) => value switch
    {
        ListValue list => list.Items,
        MapValue map => map.Keys(meter).Items,
        UndefinedValue => [],
        TextValue text => [.. Texts.Characters(text.Text, meter).Select(character => new TextValue(character))],
        _ => throw Fail.Evaluation($"a loop cannot go through a {value.Kind}"),
    };
}
