namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>The exceptions of a template, by kind.</summary>
internal static class Fail
{
    public static TemplateException Syntax(string message) => new(message, TemplateFault.Syntax);

    public static TemplateException Evaluation(string message) => new(message, TemplateFault.Evaluation);

    public static TemplateException Limit(string message) => new(message, TemplateFault.Limit);
}
