using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>not a</c>, <c>-a</c>, <c>+a</c>.</summary>
internal sealed class UnaryExpression(string operation, Expression operand) : Expression
{
    protected override IEnumerable<Node> Parts => [operand];

    protected override Value Compute(Scope scope)
    {
        var value = operand.Evaluate(scope);
        if (operation == "not")
        {
            return BooleanValue.Of(!value.IsTrue);
        }

        var number = Ordering.Number(value) ?? throw Fail.Evaluation($"a {value.Kind} has no sign");
        return new NumberValue(operation == "-" ? -number : number, value is NumberValue { IsFloat: true });
    }
}
