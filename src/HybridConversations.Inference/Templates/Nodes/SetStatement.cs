using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{% set x = … %}</c>, and <c>{% set x %}…{% endset %}</c>, whose value is what the body writes.</summary>
internal sealed class SetStatement(LoopTarget target, Expression? value, Block? body) : Statement
{
    protected override IEnumerable<Node> Parts => value is not null ? [value] : [body!];

    public override void Visit(NameUses uses)
    {
        uses.Declare(target.Names);
        base.Visit(uses);
    }

    protected override Flow Run(Scope scope)
    {
        target.Assign(value?.Evaluate(scope) ?? body!.Capture(scope), scope, takesTuples: true);
        return Flow.Next;
    }
}
