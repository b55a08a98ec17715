using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary><c>{% filter %}</c>: prints its body through a filter.</summary>
internal sealed class FilterStatement(FilterCall filter, Block body) : Statement
{
    protected override IEnumerable<Node> Parts => [body, .. filter.Parts];

    protected override Flow Run(Scope scope)
    {
        Print(filter.Apply(body.Capture(scope), scope), scope);
        return Flow.Next;
    }
}
