using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A variable.</summary>
internal sealed class NameExpression(string name) : Expression
{
    public string Name { get; } = name;

    public override void Visit(NameUses uses) => uses.Use(Name);

    protected override Value Compute(Scope scope) => scope.Find(Name);
}
