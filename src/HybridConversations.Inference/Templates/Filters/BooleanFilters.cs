using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters of booleans.</summary>
internal static class BooleanFilters
{
    public static Value? Apply(string name, BooleanValue boolean) => name switch
    {
        "bool" => boolean,
        "int" => NumberValue.Integer(boolean.IsTrue ? 1 : 0),
        "float" => NumberValue.Float(boolean.IsTrue ? 1 : 0),
        "string" => new TextValue(boolean.IsTrue ? "true" : "false"),
        _ => null,
    };
}
