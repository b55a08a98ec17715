using HybridConversations.Inference.Templates.Filters;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>a is test</c>, <c>a is not test</c>.</summary>
internal sealed class TestExpression(Expression operand, string test, ArgumentList? arguments, bool isNegated) : Expression
{
    protected override IEnumerable<Node> Parts => [operand, .. arguments?.Parts ?? []];

    protected override Value Compute(Scope scope)
    {
        var value = operand.Evaluate(scope);
        var argument = arguments?.Evaluate(scope).At(0, "value");
        return BooleanValue.Of(Tests.Apply(test, value, argument) != isNegated);
    }
}
