using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters by name. Which filter takes which kind of value, and what it does without and with parentheses, is as in the oracle.</summary>
internal static class Filter
{
    /// <param name="name">Its name.</param>
    /// <param name="operand">What is filtered.</param>
    /// <param name="arguments">What is in its parentheses; null without any.</param>
    /// <param name="meter">Pays.</param>
    public static Value Apply(string name, Value operand, Arguments? arguments, Meter meter)
    {
        var given = arguments ?? Arguments.None;
        return name switch
        {
            "safe" => operand,
            "tojson" => JsonFilter.Apply(operand, given, meter),
            "default" or "d" => Default(operand, given),
            "join" when arguments is not null || operand is ListValue => ListFilters.Join(operand, given, meter),
            "int" or "float" when arguments is not null => NumberFilters.Convert(name, operand, given),
            _ => OfKind(name, operand, given, meter)
                ?? throw Fail.Evaluation($"there is no filter '{name}' for a {operand.Kind}"),
        };
    }

    private static Value? OfKind(string name, Value operand, Arguments arguments, Meter meter) => operand switch
    {
        ListValue list => ListFilters.Apply(name, list, arguments, meter),
        TextValue text => TextFilters.Apply(name, text, arguments, meter),
        NumberValue number => NumberFilters.Apply(name, number, meter),
        MapValue map => MapFilters.Apply(name, map, arguments, meter),
        BooleanValue boolean => BooleanFilters.Apply(name, boolean),
        _ => EmptyFilters.Apply(name, operand),
    };

    private static Value Default(Value operand, Arguments arguments)
    {
        var orFalse = arguments.Flag(1, "boolean");
        return operand is UndefinedValue || (orFalse && !operand.IsTrue) ? arguments.At(0, "default_value") ?? TextValue.Empty : operand;
    }
}
