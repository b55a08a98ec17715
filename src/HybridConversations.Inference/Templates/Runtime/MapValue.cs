namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>A mapping from texts to values, in the order in which they came.</summary>
internal class MapValue(OrderedDictionary<string, Value> entries) : Value
{
    public OrderedDictionary<string, Value> Entries { get; } = entries;

    public override string Kind => "mapping";

    public override bool IsTrue => Entries.Count > 0;

    public override string Print(Meter meter) => TemplateJson.Write(this, JsonLayout.Printed, meter);

    public override string Join(Meter meter) => "[object Map]";

    public override Value? Member(string name) => Entries.TryGetValue(name, out var value) ? value : MapMethods.Find(this, name);

    /// <summary>The entries as lists of a key and a value.</summary>
    public ListValue Items(Meter meter)
    {
        meter.Elements(2L * Entries.Count);
        return ListValue.Of([.. Entries.Select(entry => new ListValue([new TextValue(entry.Key), entry.Value]))], meter);
    }

    public ListValue Keys(Meter meter) => ListValue.Of([.. Entries.Keys.Select(key => new TextValue(key))], meter);

    public ListValue Values(Meter meter) => ListValue.Of([.. Entries.Values], meter);
}
