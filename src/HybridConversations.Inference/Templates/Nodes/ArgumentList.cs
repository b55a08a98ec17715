using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>The arguments of a call as they are written. What has no name is evaluated first, as in Python.</summary>
internal sealed class ArgumentList(IReadOnlyList<Argument> arguments)
{
    public IEnumerable<Node> Parts => arguments.Select(argument => argument.Value);

    public bool IsEmpty => arguments.Count == 0;

    public Arguments Evaluate(Scope scope)
    {
        if (arguments.Count == 0)
        {
            return Arguments.None;
        }

        var positional = new List<Value>(arguments.Count);
        foreach (var argument in arguments)
        {
            if (argument.Kind == ArgumentKind.Spread)
            {
                var value = argument.Value.Evaluate(scope);
                var items = value is ListValue list ? list.Items : throw Fail.Evaluation($"* cannot take a {value.Kind} apart");
                scope.Meter.Elements(items.Count);
                positional.AddRange(items);
            }
            else if (argument.Kind == ArgumentKind.Positional)
            {
                positional.Add(argument.Value.Evaluate(scope));
            }
        }

        return new Arguments(positional, Keywords(scope));
    }

    private OrderedDictionary<string, Value> Keywords(Scope scope)
    {
        var keywords = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            if (argument.Kind == ArgumentKind.Keyword)
            {
                Add(argument.Name!, argument.Value.Evaluate(scope));
            }
            else if (argument.Kind == ArgumentKind.KeywordSpread)
            {
                var value = argument.Value.Evaluate(scope);
                foreach (var (key, item) in value is MapValue map ? map.Entries : throw Fail.Evaluation($"** cannot take a {value.Kind} apart"))
                {
                    scope.Meter.Elements(1);
                    Add(key, item);
                }
            }
        }

        return keywords;

        void Add(string key, Value value)
        {
            if (!keywords.TryAdd(key, value))
            {
                throw Fail.Evaluation($"the argument '{key}' comes twice");
            }
        }
    }
}
