using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>What a loop or a <c>set</c> gives values to: a name, or names that take a list apart.</summary>
internal sealed class LoopTarget(IReadOnlyList<string> names, bool isTuple)
{
    public IReadOnlyList<string> Names { get; } = names;

    /// <exception cref="TemplateException">The value has another number of items.</exception>
    public void Assign(Value value, Scope scope, bool takesTuples)
    {
        if (!isTuple)
        {
            scope.Set(Names[0], value);
            return;
        }

        if (value is not ListValue list || (list.IsTuple && !takesTuples))
        {
            throw Fail.Evaluation($"a {value.Kind} cannot be taken apart");
        }

        if (list.Items.Count != Names.Count)
        {
            throw Fail.Evaluation($"{list.Items.Count} items do not fit {Names.Count} names");
        }

        for (var at = 0; at < Names.Count; at++)
        {
            scope.Set(Names[at], list.Items[at]);
        }
    }
}
