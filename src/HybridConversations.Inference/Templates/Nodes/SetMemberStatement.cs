using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{% set ns.x = … %}</c>: namespaces alone can be changed.</summary>
internal sealed class SetMemberStatement(Expression owner, string name, Expression? value, Block? body) : Statement
{
    // The owner is no use of a name, as in the oracle.
    protected override IEnumerable<Node> Parts => value is not null ? [value] : [body!];

    protected override Flow Run(Scope scope)
    {
        var set = value?.Evaluate(scope) ?? body!.Capture(scope);
        if (owner.Evaluate(scope) is not NamespaceValue space)
        {
            throw Fail.Evaluation($"'{name}' can be set on a namespace only");
        }

        scope.Meter.Elements(space.Entries.ContainsKey(name) ? 0 : 1);
        space.Entries[name] = set;
        return Flow.Next;
    }
}
