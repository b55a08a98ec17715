using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters of mappings: their methods are filters too.</summary>
internal static class MapFilters
{
    public static Value? Apply(string name, MapValue map, Arguments arguments, Meter meter) => name switch
    {
        "length" or "count" => NumberValue.Integer(map.Entries.Count),
        "list" => map.Keys(meter),
        "string" => new TextValue(map.Print(meter)),
        _ => MapMethods.Call(map, name, arguments, meter),
    };
}
