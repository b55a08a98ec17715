namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>What <c>namespace()</c> makes: the one value that a template may change.</summary>
internal sealed class NamespaceValue(OrderedDictionary<string, Value> entries) : Value
{
    public OrderedDictionary<string, Value> Entries { get; } = entries;

    public override string Kind => "namespace";

    public override string Print(Meter meter) => TemplateJson.Write(this, JsonLayout.Printed, meter);

    public override string Join(Meter meter) => "[object Map]";

    public override Value? Member(string name) => Entries.GetValueOrDefault(name);
}
