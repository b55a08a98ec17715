using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>Filters of lists.</summary>
internal static class ListFilters
{
    public static Value? Apply(string name, ListValue list, Arguments arguments, Meter meter) => name switch
    {
        "list" => list,
        "first" => list.Items.Count > 0 ? list.Items[0] : UndefinedValue.Instance,
        "last" => list.Items.Count > 0 ? list.Items[^1] : UndefinedValue.Instance,
        "length" or "count" => NumberValue.Integer(list.Items.Count),
        "reverse" => ListValue.Of([.. list.Items.Reverse()], meter),
        "sort" => Sort(list, arguments, meter),
        "string" => new TextValue(TemplateJson.Write(list, JsonLayout.Printed, meter)),
        "unique" => ListValue.Of([.. list.Items.DistinctBy(Equality.Key)], meter),
        "selectattr" => Choose(list, arguments, meter, byMember: true, selected: true),
        "rejectattr" => Choose(list, arguments, meter, byMember: true, selected: false),
        "select" => Choose(list, arguments, meter, byMember: false, selected: true),
        "reject" => Choose(list, arguments, meter, byMember: false, selected: false),
        "map" => Map(list, arguments, meter),
        _ => null,
    };

    /// <summary>A list's items, or a text's characters, with a separator between them.</summary>
    public static TextValue Join(Value operand, Arguments arguments, Meter meter)
    {
        var separator = arguments.At(0, "separator") ?? arguments.Keywords.GetValueOrDefault("d") ?? TextValue.Empty;
        if (separator is not TextValue { Text: var between })
        {
            throw Fail.Evaluation("join takes a string");
        }

        List<string> parts = operand switch
        {
            TextValue text => Texts.Characters(text.Text, meter),
            ListValue list => [.. list.Items.Select(item => item.Join(meter))],
            _ => throw Fail.Evaluation($"there is no filter 'join' for a {operand.Kind}"),
        };
        meter.Characters(parts.Sum(part => (long)part.Length) + (long)between.Length * parts.Count);
        return new TextValue(string.Join(between, parts));
    }

    private static ListValue Sort(ListValue list, Arguments arguments, Meter meter)
    {
        var path = arguments.At(2, "attribute") switch
        {
            null or NullValue => null,
            TextValue text => text.Text,
            NumberValue { IsFloat: false } number => number.Print(meter),
            _ => throw Fail.Evaluation("attribute is a string or an integer"),
        };
        var ordering = new Ordering(arguments.Flag(1, "case_sensitive"), arguments.Flag(0, "reverse"));
        return ListValue.Of(Sorting.Sort(list.Items, item => path is null ? item : MemberPath.Find(item, path), ordering, meter), meter);
    }

    private static ListValue Choose(ListValue list, Arguments arguments, Meter meter, bool byMember, bool selected)
    {
        var attribute = byMember ? arguments.Text(0, "attribute") ?? throw Fail.Evaluation("the attribute is missing") : null;
        var at = byMember ? 1 : 0;
        var test = arguments.Text(at, "test");
        var value = arguments.At(at + 1, "value");
        meter.Step(list.Items.Count);
        return ListValue.Of([.. list.Items.Where(item => Passes(Subject(item)) == selected)], meter);

        Value? Subject(Value item) => attribute is null ? item : item switch
        {
            MapValue map => map.Entries.GetValueOrDefault(attribute),
            NamespaceValue space => space.Entries.GetValueOrDefault(attribute),
            _ => throw Fail.Evaluation($"a {item.Kind} has no attributes"),
        };

        bool Passes(Value? subject) => subject is not null && (test is null ? subject.IsTrue : Tests.Apply(test, subject, value));
    }

    private static ListValue Map(ListValue list, Arguments arguments, Meter meter)
    {
        meter.Step(list.Items.Count);
        if (arguments.Keywords.TryGetValue("attribute", out var attribute))
        {
            var path = attribute is TextValue text ? text.Text : throw Fail.Evaluation("attribute is a string");
            var missing = arguments.Keywords.GetValueOrDefault("default") ?? UndefinedValue.Instance;
            return ListValue.Of([.. list.Items.Select(Member)], meter);

            Value Member(Value item) => item is MapValue or NamespaceValue
                ? MemberPath.Find(item, path) is var found and not UndefinedValue ? found : missing
                : throw Fail.Evaluation($"a {item.Kind} has no attributes");
        }

        // A filter by name, which Python's Jinja has and the oracle has not.
        var name = arguments.Text(0, "filter") ?? throw Fail.Evaluation("map takes an attribute or the name of a filter");
        var rest = new Arguments([.. arguments.Positional.Skip(1)], arguments.Keywords);
        return ListValue.Of([.. list.Items.Select(item => Nested(name, item, rest, meter))], meter);
    }

    private static Value Nested(string name, Value item, Arguments rest, Meter meter)
    {
        meter.Enter();
        var value = Filter.Apply(name, item, rest.IsEmpty ? null : rest, meter);
        meter.Leave();
        return value;
    }
}
