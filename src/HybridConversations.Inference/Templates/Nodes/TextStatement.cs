using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>Text between the tags.</summary>
internal sealed class TextStatement(string text) : Statement
{
    protected override Flow Run(Scope scope)
    {
        scope.Rendering.Output.Write(text);
        return Flow.Next;
    }
}
