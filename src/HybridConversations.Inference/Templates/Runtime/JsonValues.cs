using System.Text.Json;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>JSON as values. A number without a fraction is an integer, as in the oracle, even if it is written with one.</summary>
internal static class JsonValues
{
    public static Value From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new MapValue(Entries(element)),
        JsonValueKind.Array => new ListValue([.. element.EnumerateArray().Select(From)]),
        JsonValueKind.String => new TextValue(element.GetString()!),
        JsonValueKind.Number => element.GetDouble() is var number && Math.Floor(number) == number ? NumberValue.Integer(number) : NumberValue.Float(number),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        JsonValueKind.Null => NullValue.Instance,
        _ => UndefinedValue.Instance,
    };

    private static OrderedDictionary<string, Value> Entries(JsonElement element)
    {
        var entries = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            entries[member.Name] = From(member.Value);
        }

        return entries;
    }
}
