using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A node with a value.</summary>
internal abstract class Expression : Node
{
    public Value Evaluate(Scope scope)
    {
        scope.Meter.Enter();
        var value = Compute(scope);
        scope.Meter.Leave();
        return value;
    }

    protected abstract Value Compute(Scope scope);
}
