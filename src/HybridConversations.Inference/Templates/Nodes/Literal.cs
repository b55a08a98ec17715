using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A number or a text.</summary>
internal sealed class Literal(Value value) : Expression
{
    public Value Value { get; } = value;

    protected override Value Compute(Scope scope) => Value;
}
