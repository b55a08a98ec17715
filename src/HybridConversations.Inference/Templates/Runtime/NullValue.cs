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

    public override string Print(Meter meter) => "null";

    public override string Join(Meter meter) => "";
}
