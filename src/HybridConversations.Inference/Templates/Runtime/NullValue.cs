namespace HybridConversations.Inference.Templates.Runtime;

/// <summary><c>none</c>.</summary>
internal sealed class NullValue : Value
{
    public static readonly NullValue Instance = new();

    private NullValue()
    {
    }

    public override string Kind => "none";

    public override bool IsTrue => false;

    public override bool IsPrinted => false;

    /// <summary>As an element of a list that is joined to a text, where the oracle writes the same for both kinds of nothing.</summary>
    public override string Print(Meter meter) => "undefined";

    public override string Join(Meter meter) => "";
}
