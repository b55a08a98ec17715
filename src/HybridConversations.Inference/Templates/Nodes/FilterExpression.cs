using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>a|filter</c>.</summary>
internal sealed class FilterExpression(Expression operand, FilterCall filter) : Expression
{
    protected override IEnumerable<Node> Parts => [operand, .. filter.Parts];

    protected override Value Compute(Scope scope) => filter.Apply(operand.Evaluate(scope), scope);
}
