using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters of what is undefined, which Python's Jinja takes for something empty and the oracle refuses.</summary>
internal static class EmptyFilters
{
    public static Value? Apply(string name, Value operand) => (name, operand) switch
    {
        ("length" or "count", UndefinedValue) => NumberValue.Integer(0),
        ("list", UndefinedValue) => new ListValue([]),
        ("trim" or "string" or "upper" or "lower" or "join", UndefinedValue) => TextValue.Empty,
        ("first" or "last", UndefinedValue) => UndefinedValue.Instance,
        _ => null,
    };
}
