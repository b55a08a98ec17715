using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A node that writes.</summary>
internal abstract class Statement : Node
{
    public Flow Execute(Scope scope)
    {
        scope.Meter.Enter();
        var flow = Run(scope);
        scope.Meter.Leave();
        return flow;
    }

    protected abstract Flow Run(Scope scope);

    /// <summary>Prints a value.</summary>
    protected static void Print(Value value, Scope scope)
    {
        if (value.IsPrinted)
        {
            scope.Rendering.Output.Write(value.Print(scope.Meter));
        }
    }
}
