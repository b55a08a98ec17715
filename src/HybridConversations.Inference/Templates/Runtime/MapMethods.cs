namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>What can be called on a mapping; an entry of that name comes first.</summary>
internal static class MapMethods
{
    public static Value? Find(MapValue map, string name) =>
        name is "get" or "items" or "keys" or "values" or "dictsort" ? new FunctionValue((arguments, scope) => Call(map, name, arguments, scope.Meter)!) : null;

    /// <summary>Null where there is no such method.</summary>
    public static Value? Call(MapValue map, string name, Arguments arguments, Meter meter) => name switch
    {
        "get" => arguments.Needed(0, "key") is TextValue key
            ? map.Entries.GetValueOrDefault(key.Text) ?? arguments.At(1, "default") ?? NullValue.Instance
            : throw Fail.Evaluation("get takes a string"),
        "items" => map.Items(meter),
        "keys" => map.Keys(meter),
        "values" => map.Values(meter),
        "dictsort" => Sort(map, arguments, meter),
        _ => null,
    };

    private static ListValue Sort(MapValue map, Arguments arguments, Meter meter)
    {
        var by = arguments.Text(1, "by") ?? "key";
        if (by is not ("key" or "value"))
        {
            throw Fail.Evaluation("dictsort sorts by 'key' or 'value'");
        }

        var ordering = new Ordering(arguments.Flag(0, "case_sensitive"), arguments.Flag(2, "reverse"));
        return ListValue.Of(Sorting.Sort(map.Items(meter).Items, item => ((ListValue)item).Items[by == "key" ? 0 : 1], ordering, meter), meter);
    }
}
