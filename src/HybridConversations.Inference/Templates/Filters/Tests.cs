using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Tests by name.</summary>
internal static class Tests
{
    /// <summary>Tests that compare with a value, which may stand behind them without parentheses.</summary>
    public static bool TakesValue(string test) => test is "eq" or "equalto" or "ne" or "lt" or "lessthan" or "le" or "gt" or "greaterthan" or "ge" or "in" or "sameas" or "divisibleby";

    public static bool Apply(string test, Value value, Value? other) => test switch
    {
        "boolean" => value is BooleanValue,
        "callable" => value is FunctionValue,
        "odd" => Integer(test, value) % 2 != 0,
        "even" => Integer(test, value) % 2 == 0,
        "false" => value is BooleanValue { IsTrue: false },
        "true" => value is BooleanValue { IsTrue: true },
        "none" => value is NullValue,
        "string" => value is TextValue,
        "number" => value is NumberValue,
        "integer" => value is NumberValue { IsFloat: false },
        "iterable" => value is ListValue { IsTuple: false } or TextValue,
        "mapping" => value is MapValue,
        "sequence" => value is ListValue or MapValue or TextValue,
        "lower" => value is TextValue lower && lower.Text == Texts.Lower(lower.Text),
        "upper" => value is TextValue upper && upper.Text == Texts.Upper(upper.Text),
        "defined" => value is not UndefinedValue,
        "undefined" => value is UndefinedValue,
        "equalto" or "eq" => Equality.Strict(value, other ?? throw Missing(test)),

        // Python's, which the oracle does not know.
        "float" => value is NumberValue { IsFloat: true },
        _ => Compare(test, value, other ?? throw Missing(test)),
    };

    private static bool Compare(string test, Value value, Value other) => test switch
    {
        "ne" => !Equality.Strict(value, other),
        "lt" or "lessthan" => Order(value, other) < 0,
        "le" => Order(value, other) <= 0,
        "gt" or "greaterthan" => Order(value, other) > 0,
        "ge" => Order(value, other) >= 0,
        "sameas" => Equality.Strict(value, other),
        "divisibleby" => Integer(test, value) % Integer(test, other) == 0,
        "in" => other switch
        {
            ListValue list => list.Items.Any(item => Equality.Strict(item, value)),
            TextValue whole when value is TextValue part => whole.Text.Contains(part.Text, StringComparison.Ordinal),
            MapValue map when value is TextValue key => map.Entries.ContainsKey(key.Text),
            _ => false,
        },
        _ => throw Fail.Evaluation($"there is no test '{test}'"),
    };

    private static int Order(Value left, Value right) => new Ordering(caseSensitive: true, reverse: false).Compare(left, right);

    private static double Integer(string test, Value value) =>
        value is NumberValue { IsFloat: false } number ? number.Number : throw Fail.Evaluation($"'{test}' tests integers, not a {value.Kind}");

    private static TemplateException Missing(string test) => Fail.Evaluation($"there is no test '{test}' without a value");
}
