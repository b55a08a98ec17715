namespace HybridConversations.Inference.Templates;

/// <summary>What one rendering may cost. A template in a model file is a stranger's program: it ends at these bounds with <see cref="TemplateFault.Limit"/>.</summary>
public sealed record TemplateLimits
{
    /// <summary>Characters of a template's source.</summary>
    public const int MaxSource = 1 << 20;

    /// <summary>How deep a template's syntax may nest; what is deeper is refused when it is read.</summary>
    public const int MaxNesting = 100;

    /// <summary>Height of a template's syntax tree (a chain of operators is a tall tree).</summary>
    public const int MaxHeight = 500;

    /// <summary>Nodes evaluated, and elements of lists made.</summary>
    public long Steps { get; init; } = 10_000_000;

    /// <summary>Nodes inside one another while evaluating, through macros too, and values inside one another when written.</summary>
    public int Depth { get; init; } = 600;

    /// <summary>Characters of the result.</summary>
    public int Output { get; init; } = 8 << 20;

    /// <summary>Characters of all texts made on the way, the result included.</summary>
    public long Characters { get; init; } = 128 << 20;
}
