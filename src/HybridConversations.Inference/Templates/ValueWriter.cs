using System.Text.Json;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates;

/// <summary>What callers bring, as values: every text in it goes through a shield.</summary>
internal sealed class ValueWriter(Func<string, string> shield)
{
    public TextValue Text(string text) => new(shield(text));

    /// <summary>Null for what is no JSON.</summary>
    public Value? Json(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Shielded(JsonValues.From(document.RootElement));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private Value Shielded(Value value) => value switch
    {
        TextValue text => Text(text.Text),
        ListValue list => new ListValue([.. list.Items.Select(Shielded)]),
        MapValue map => new MapValue(Entries(map)),
        _ => value,
    };

    private OrderedDictionary<string, Value> Entries(MapValue map)
    {
        var entries = new OrderedDictionary<string, Value>(map.Entries.Count, StringComparer.Ordinal);
        foreach (var (name, value) in map.Entries)
        {
            entries[shield(name)] = Shielded(value);
        }

        return entries;
    }
}
