namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>A list or a tuple; never changed once made.</summary>
internal sealed class ListValue(IReadOnlyList<Value> items, bool isTuple = false) : Value
{
    public IReadOnlyList<Value> Items { get; } = items;

    /// <summary>A tuple cannot be printed or taken apart by a loop, as in the oracle.</summary>
    public bool IsTuple { get; } = isTuple;

    public override string Kind => IsTuple ? "tuple" : "list";

    public override bool IsTrue => Items.Count > 0;

    public override string Print(Meter meter) => TemplateJson.Write(this, JsonLayout.Printed, meter);

    public override string Join(Meter meter)
    {
        meter.Enter();
        var text = meter.Made(string.Join(',', Items.Select(item => item.Print(meter))));
        meter.Leave();
        return text;
    }

    public override Value? Member(string name) => name == "length" ? NumberValue.Integer(Items.Count) : null;

    /// <summary>Makes a list and counts its elements.</summary>
    public static ListValue Of(IReadOnlyList<Value> items, Meter meter)
    {
        meter.Elements(items.Count);
        return new ListValue(items);
    }
}
