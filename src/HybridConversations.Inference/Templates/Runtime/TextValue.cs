namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>A text.</summary>
internal sealed class TextValue(string text) : Value
{
    public static readonly TextValue Empty = new("");

    public string Text { get; } = text;

    public override string Kind => "string";

    public override bool IsTrue => Text.Length > 0;

    public override string Print(Meter meter) => Text;

    public override Value? Member(string name) => TextMethods.Find(this, name);
}
