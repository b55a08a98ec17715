using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{% if %}</c>; an <c>elif</c> is an <c>if</c> in the other block.</summary>
internal sealed class IfStatement(Expression test, Block then, Block otherwise) : Statement
{
    protected override IEnumerable<Node> Parts => [test, then, otherwise];

    protected override Flow Run(Scope scope) => (test.Evaluate(scope).IsTrue ? then : otherwise).Execute(scope);
}
