namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>What every template knows by name.</summary>
internal static class Globals
{
    public static readonly FunctionValue Namespace = new(static (arguments, scope) => MakeNamespace(arguments, scope.Meter));

    public static readonly IReadOnlyList<KeyValuePair<string, Value>> All =
    [
        new("true", BooleanValue.True), new("True", BooleanValue.True),
        new("false", BooleanValue.False), new("False", BooleanValue.False),
        new("none", NullValue.Instance), new("None", NullValue.Instance),
        new("range", new FunctionValue(static (arguments, scope) => Range(arguments, scope.Meter))),
        new("strftime_now", new FunctionValue(static (arguments, scope) =>
            new TextValue(scope.Meter.Made(Dates.Format(arguments.Text(0, "format") ?? throw Fail.Evaluation("strftime_now needs a format"), scope.Rendering.Now))))),
        new("raise_exception", new FunctionValue(static (arguments, scope) =>
            throw new TemplateException(arguments.At(0, "message")?.Join(scope.Meter) ?? "", TemplateFault.Refused))),
    ];

    private static ListValue Range(Arguments arguments, Meter meter)
    {
        var numbers = arguments.Positional.Select(Bound).ToArray();
        var (start, stop, step) = numbers.Length switch
        {
            0 => (0, 0, 1),
            1 => (0, numbers[0], 1),
            2 => (numbers[0], numbers[1], 1),
            3 => (numbers[0], numbers[1], numbers[2]),
            _ => throw Fail.Evaluation("range takes one to three integers"),
        };
        if (step == 0 || double.IsNaN(step))
        {
            throw Fail.Evaluation("range's step must not be zero");
        }

        var items = new List<Value>();
        for (var at = start; step > 0 ? at < stop : at > stop; at += step)
        {
            meter.Elements(1);
            items.Add(new NumberValue(at, isFloat: Math.Floor(at) != at));
        }

        return new ListValue(items);
    }

    private static double Bound(Value value) => value switch
    {
        TextValue text => Numbers.Parse(text.Text),
        UndefinedValue => double.NaN,
        NullValue => 0,
        _ => Ordering.Number(value) ?? throw Fail.Evaluation($"range counts in integers, not in {value.Kind}"),
    };

    private static NamespaceValue MakeNamespace(Arguments arguments, Meter meter)
    {
        var entries = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        switch (arguments.Positional)
        {
            case []:
                break;
            case [MapValue map]:
                Add(map.Entries);
                break;
            case [ListValue list]:
                Add(list.Items.Select(item => Pair(item, meter)));
                break;
            default:
                throw Fail.Evaluation("namespace takes one mapping or list of pairs at most");
        }

        Add(arguments.Keywords);
        return new NamespaceValue(entries);

        void Add(IEnumerable<KeyValuePair<string, Value>> from)
        {
            foreach (var (key, value) in from)
            {
                meter.Elements(1);
                entries[key] = value;
            }
        }
    }

    private static KeyValuePair<string, Value> Pair(Value value, Meter meter)
    {
        var parts = value switch
        {
            ListValue list => list.Items,
            TextValue { Text.Length: <= 4 } text => [.. Texts.Characters(text.Text, meter).Select(character => new TextValue(character))],
            _ => [],
        };
        return parts is [TextValue key, var second] ? new(key.Text, second) : throw Fail.Evaluation("namespace takes pairs of a text and a value");
    }
}
