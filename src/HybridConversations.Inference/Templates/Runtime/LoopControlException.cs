namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>A <c>break</c> or <c>continue</c> that leaves a macro: it ends the loop in which the macro was called.</summary>
internal sealed class LoopControlException(Flow flow) : Exception
{
    /// <summary>Steps that throwing costs, so that a template cannot live from it.</summary>
    public const int Cost = 2_000;

    public Flow Flow { get; } = flow;
}
