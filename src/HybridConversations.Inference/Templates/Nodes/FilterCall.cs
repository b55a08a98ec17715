using HybridConversations.Inference.Templates.Filters;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A filter's name and what is in its parentheses; null without any.</summary>
internal sealed record FilterCall(string Name, ArgumentList? Arguments)
{
    public IEnumerable<Node> Parts => Arguments?.Parts ?? [];

    public Value Apply(Value operand, Scope scope) => Filter.Apply(Name, operand, Arguments?.Evaluate(scope), scope.Meter);
}
