using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>The parameters and the body of a macro or a call block: it writes its text apart.</summary>
internal sealed class MacroBody
{
    private readonly string _name;
    private readonly IReadOnlyList<MacroParameter> _parameters;
    private readonly Block _body;
    private readonly bool _takesKeywords;
    private readonly bool _takesMore;

    public MacroBody(string name, IReadOnlyList<MacroParameter> parameters, Block body)
    {
        (_name, _parameters, _body) = (name, parameters, body);
        var uses = new NameUses();
        uses.Declare(parameters.Select(parameter => parameter.Name));
        body.Visit(uses);
        (_takesKeywords, _takesMore) = (uses.IsUsed(NameUses.Keywords), uses.IsUsed(NameUses.More));
    }

    public IEnumerable<Node> Parts => [.. _parameters.Select(parameter => parameter.Default).OfType<Node>(), _body];

    public IEnumerable<string> Names => _parameters.Select(parameter => parameter.Name);

    public TextValue Call(Arguments arguments, Scope around)
    {
        var scope = new Scope(around);
        Bind(arguments, scope);
        return _body.Capture(scope);
    }

    /// <summary>All names are bound before a default is evaluated, so that none of them means something outside.</summary>
    private void Bind(Arguments arguments, Scope scope)
    {
        var keywords = new OrderedDictionary<string, Value>(arguments.Keywords, StringComparer.Ordinal);
        var defaults = new List<MacroParameter>();
        for (var at = 0; at < _parameters.Count; at++)
        {
            var parameter = _parameters[at];
            var value = at < arguments.Positional.Count ? arguments.Positional[at] : keywords.Remove(parameter.Name, out var named) ? named : null;
            if (value is null && parameter.Default is not null)
            {
                defaults.Add(parameter);
            }

            scope.Set(parameter.Name, value ?? UndefinedValue.Instance);
        }

        Rest(arguments, keywords, scope);
        foreach (var parameter in defaults)
        {
            scope.Set(parameter.Name, parameter.Default!.Evaluate(scope));
        }
    }

    private void Rest(Arguments arguments, OrderedDictionary<string, Value> keywords, Scope scope)
    {
        if (_takesKeywords)
        {
            scope.Set(NameUses.Keywords, new MapValue(keywords));
        }
        else if (keywords.Count > 0)
        {
            throw Fail.Evaluation($"macro {_name} takes no argument '{keywords.GetAt(0).Key}'");
        }

        if (_takesMore)
        {
            scope.Set(NameUses.More, ListValue.Of([.. arguments.Positional.Skip(_parameters.Count)], scope.Meter));
        }
        else if (arguments.Positional.Count > _parameters.Count)
        {
            throw Fail.Evaluation($"macro {_name} takes at most {_parameters.Count} arguments");
        }
    }
}
