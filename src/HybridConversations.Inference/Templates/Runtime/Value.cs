namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>A value as a template sees it.</summary>
internal abstract class Value
{
    /// <summary>Its kind, in messages.</summary>
    public abstract string Kind { get; }

    public virtual bool IsTrue => true;

    /// <summary>Does it print anything?</summary>
    public virtual bool IsPrinted => true;

    /// <summary>As it is printed.</summary>
    public abstract string Print(Meter meter);

    /// <summary>As it is joined to a text: by <c>+</c>, <c>~</c> and <c>join</c>. Differs from <see cref="Print"/> in floats, lists and mappings, as in the oracle.</summary>
    public virtual string Join(Meter meter) => Print(meter);

    /// <summary>What <c>value.name</c> is; null where there is nothing of that name.</summary>
    public virtual Value? Member(string name) => null;
}
