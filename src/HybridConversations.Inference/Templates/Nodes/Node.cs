using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>A part of a template's syntax tree; immutable once the parser has made it.</summary>
internal abstract class Node
{
    /// <summary>Nodes on the longest way down, this one included.</summary>
    public int Height { get; private set; } = 1;

    /// <summary>Its parts, in the order in which Jinja looks at them for names.</summary>
    protected virtual IEnumerable<Node> Parts => [];

    /// <summary>Measures a node whose parts are complete.</summary>
    /// <exception cref="TemplateException">The tree is too tall to be walked.</exception>
    public void Measure()
    {
        Height = 1 + Parts.Select(part => part.Height).DefaultIfEmpty().Max();
        if (Height > TemplateLimits.MaxHeight)
        {
            throw Fail.Limit($"The template's syntax is deeper than {TemplateLimits.MaxHeight} nodes.");
        }
    }

    /// <summary>Says which names are declared and used here.</summary>
    public virtual void Visit(NameUses uses)
    {
        foreach (var part in Parts)
        {
            part.Visit(uses);
        }
    }
}
