namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Counts what a rendering costs and ends it at the limits.</summary>
internal sealed class Meter(TemplateLimits limits)
{
    private long _steps;
    private long _characters;

    /// <summary>Nodes inside one another now. Whoever catches an exception sets it back.</summary>
    public int Depth { get; set; }

    public TemplateLimits Limits { get; } = limits;

    /// <summary>A node begins; <see cref="Leave"/> ends it.</summary>
    public void Enter()
    {
        Step(1);
        if (++Depth > Limits.Depth)
        {
            throw Fail.Limit($"The template goes deeper than {Limits.Depth} nodes.");
        }
    }

    public void Leave() => Depth--;

    public void Step(long count)
    {
        if ((_steps += count) > Limits.Steps)
        {
            throw Fail.Limit($"The template takes more than {Limits.Steps} steps.");
        }
    }

    /// <summary>Before a list of this length is made: an element is kept, so it costs more than a step.</summary>
    public void Elements(long count) => Step(8 * count);

    /// <summary>Before a text of this length is made.</summary>
    public void Characters(long count)
    {
        if (count > Limits.Output || (_characters += count) > Limits.Characters)
        {
            throw Fail.Limit($"The template writes more than {Limits.Output} characters, or makes more than {Limits.Characters} on the way.");
        }
    }

    /// <summary>Counts a text that was made.</summary>
    public string Made(string text)
    {
        Characters(text.Length);
        return text;
    }
}
