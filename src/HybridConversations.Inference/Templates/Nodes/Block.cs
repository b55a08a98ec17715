using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>Statements one after another.</summary>
internal sealed class Block(IReadOnlyList<Statement> statements) : Statement
{
    protected override IEnumerable<Node> Parts => statements;

    protected override Flow Run(Scope scope)
    {
        foreach (var statement in statements)
        {
            if (statement.Execute(scope) is not Flow.Next and var flow)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    /// <summary>What it writes, as a value; a <c>break</c> in it ends the loop around.</summary>
    public TextValue Capture(Scope scope)
    {
        var output = scope.Rendering.Output;
        var mark = output.Length;
        if (Execute(scope) is not Flow.Next and var flow)
        {
            output.CutTo(mark);
            scope.Meter.Step(LoopControlException.Cost);
            throw new LoopControlException(flow);
        }

        return new TextValue(output.TakeFrom(mark));
    }
}
