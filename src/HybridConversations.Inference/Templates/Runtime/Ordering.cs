namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>The order of two values: numbers and booleans among one another, texts among one another; anything else has none.</summary>
internal sealed class Ordering(bool caseSensitive, bool reverse) : IComparer<Value>
{
    public int Compare(Value? x, Value? y) => reverse ? -Forward(x!, y!) : Forward(x!, y!);

    /// <summary>A number, or what a boolean counts as one; null for anything else.</summary>
    public static double? Number(Value value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue boolean => boolean.IsTrue ? 1 : 0,
        _ => null,
    };

    private int Forward(Value left, Value right) => (left, right) switch
    {
        (NullValue, NullValue) or (UndefinedValue, UndefinedValue) => 0,
        (TextValue a, TextValue b) => caseSensitive ? string.CompareOrdinal(a.Text, b.Text) : string.CompareOrdinal(Texts.Lower(a.Text), Texts.Lower(b.Text)),
        _ when Number(left) is { } a && Number(right) is { } b => a < b ? -1 : a > b ? 1 : 0,
        _ => throw Fail.Evaluation($"{left.Kind} and {right.Kind} have no order"),
    };
}
