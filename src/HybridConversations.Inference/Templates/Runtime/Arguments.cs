namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>What a call brings.</summary>
internal sealed record Arguments(IReadOnlyList<Value> Positional, OrderedDictionary<string, Value> Keywords)
{
    public static readonly Arguments None = new([], []);

    public bool IsEmpty => Positional.Count == 0 && Keywords.Count == 0;

    /// <summary>The argument at a place or of a name; null where there is none.</summary>
    public Value? At(int place, string name) => place < Positional.Count ? Positional[place] : Keywords.GetValueOrDefault(name);

    /// <summary>A flag; false where there is none.</summary>
    public bool Flag(int place, string name) => At(place, name) switch
    {
        null => false,
        BooleanValue flag => flag.IsTrue,
        var other => throw Fail.Evaluation($"{name} must be a boolean, not {other.Kind}"),
    };

    /// <summary>A text; null where there is none or <c>none</c>.</summary>
    public string? Text(int place, string name) => At(place, name) switch
    {
        null or NullValue => null,
        TextValue text => text.Text,
        var other => throw Fail.Evaluation($"{name} must be a string, not {other.Kind}"),
    };

    /// <summary>An integer; null where there is none or <c>none</c>.</summary>
    public double? Integer(int place, string name) => At(place, name) switch
    {
        null or NullValue => null,
        NumberValue { IsFloat: false } number => number.Number,
        var other => throw Fail.Evaluation($"{name} must be an integer, not {other.Kind}"),
    };

    /// <summary>An argument that must be there.</summary>
    public Value Needed(int place, string name) => At(place, name) ?? throw Fail.Evaluation($"the argument {name} is missing");
}
