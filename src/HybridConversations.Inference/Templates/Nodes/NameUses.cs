namespace HybridConversations.Inference.Templates.Nodes;

/// <summary>Finds out whether a macro uses the names that hold the arguments for which it has no parameter. A use counts only before a declaration.</summary>
internal sealed class NameUses
{
    public const string Keywords = "kwargs";
    public const string More = "varargs";

    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public bool IsUsed(string name) => _used.Contains(name);

    public void Declare(IEnumerable<string> names) => _declared.UnionWith(names);

    public void Use(string name)
    {
        if (!_declared.Contains(name))
        {
            _used.Add(name);
        }
    }
}
