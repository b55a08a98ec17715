namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>What a name without a value is.</summary>
internal sealed class UndefinedValue : Value
{
    public static readonly UndefinedValue Instance = new();

    private UndefinedValue()
    {
    }

    public override string Kind => "undefined";

    public override bool IsTrue => false;

    public override bool IsPrinted => false;

    public override string Print(Meter meter) => "undefined";

    public override string Join(Meter meter) => "";
}
