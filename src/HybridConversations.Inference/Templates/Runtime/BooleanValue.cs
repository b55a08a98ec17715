namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>True or false; printed in lower case, as in the oracle.</summary>
internal sealed class BooleanValue : Value
{
    public static readonly BooleanValue True = new(true);
    public static readonly BooleanValue False = new(false);

    private BooleanValue(bool value) => IsTrue = value;

    public override string Kind => "boolean";

    public override bool IsTrue { get; }

    public static BooleanValue Of(bool value) => value ? True : False;

    public override string Print(Meter meter) => IsTrue ? "true" : "false";
}
