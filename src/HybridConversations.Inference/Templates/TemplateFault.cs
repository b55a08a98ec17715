namespace HybridConversations.Inference.Templates;

/// <summary>Why a template gave no text.</summary>
public enum TemplateFault
{
    /// <summary>It is no Jinja, or uses a part that is not known here.</summary>
    Syntax,

    /// <summary>An operation has no meaning for the values it got.</summary>
    Evaluation,

    /// <summary>The template itself said no, with <c>raise_exception</c>.</summary>
    Refused,

    /// <summary>It took more steps, depth or text than <see cref="TemplateLimits"/> allow.</summary>
    Limit,
}
