using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{{ expression }}</c>.</summary>
internal sealed class PrintStatement(Expression expression) : Statement
{
    protected override IEnumerable<Node> Parts => [expression];

    protected override Flow Run(Scope scope)
    {
        Print(expression.Evaluate(scope), scope);
        return Flow.Next;
    }
}
