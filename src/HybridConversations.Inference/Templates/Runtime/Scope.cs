namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Names and their values; what is not known here is sought in the scope around.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, Value> _variables = new(StringComparer.Ordinal);
    private readonly Scope? _parent;

    public Scope(Rendering rendering) => Rendering = rendering;

    public Scope(Scope parent)
    {
        _parent = parent;
        Rendering = parent.Rendering;
        Rendering.Meter.Step(1);
    }

    public Rendering Rendering { get; }

    public Meter Meter => Rendering.Meter;

    public void Set(string name, Value value) => _variables[name] = value;

    /// <summary>The value of a name; <see cref="UndefinedValue"/> where there is none.</summary>
    public Value Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            if (scope._variables.TryGetValue(name, out var value))
            {
                return value;
            }

            // As in the oracle, every scope knows this one itself: a variable of that name is seen in its own scope only.
            if (name == "namespace")
            {
                return Globals.Namespace;
            }
        }

        return UndefinedValue.Instance;
    }
}
