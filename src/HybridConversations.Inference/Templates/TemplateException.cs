namespace HybridConversations.Inference.Templates;

/// <summary>A template that cannot be read, refuses what it was given (<c>raise_exception</c>), or asks for more work than it may.</summary>
public sealed class TemplateException(string message, TemplateFault fault) : Exception(message)
{
    /// <summary>Of what kind it is.</summary>
    public TemplateFault Fault { get; } = fault;
}
