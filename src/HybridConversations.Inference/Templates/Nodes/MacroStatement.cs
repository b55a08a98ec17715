using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{% macro %}</c>; sees the scope in which it is called, as in the oracle.</summary>
internal sealed class MacroStatement(string name, MacroBody macro) : Statement
{
    private readonly FunctionValue _function = new(macro.Call);

    protected override IEnumerable<Node> Parts => macro.Parts;

    public override void Visit(NameUses uses)
    {
        uses.Declare(macro.Names);
        base.Visit(uses);
    }

    protected override Flow Run(Scope scope)
    {
        scope.Set(name, _function);
        return Flow.Next;
    }
}
