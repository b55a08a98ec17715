namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>One rendering: what it has written, what it has cost, and which time it is in it.</summary>
internal sealed class Rendering
{
    public Rendering(TemplateLimits limits, DateTimeOffset now)
    {
        Meter = new Meter(limits);
        Output = new TextOutput(Meter);
        Now = now;
    }

    public Meter Meter { get; }

    public TextOutput Output { get; }

    public DateTimeOffset Now { get; }
}
