using System.Text;

namespace HybridConversations.Http.Requests;

/// <summary>
/// Every field of an endpoint's body, and what becomes of it. Readers read through it (<see cref="JsonMembers"/>), docs/clients.md shows it. A field that is in no
/// group is passed over and named in the answer: nobody is left to believe in what was not heeded.
/// </summary>
internal sealed class FieldTable
{
    private readonly Dictionary<string, FieldGroup> _groupOf;

    /// <param name="endpoint">As it is called, or the path of the object in its body.</param>
    /// <param name="groups">All fields.</param>
    public FieldTable(string endpoint, params IReadOnlyList<FieldGroup> groups)
    {
        (Endpoint, Groups) = (endpoint, groups);
        _groupOf = groups.SelectMany(group => group.Names.Select(name => (name, group))).ToDictionary(pair => pair.name, pair => pair.group, StringComparer.Ordinal);
    }

    public string Endpoint { get; }

    public IReadOnlyList<FieldGroup> Groups { get; }

    public FieldGroup? Find(string name) => _groupOf.GetValueOrDefault(name);

    /// <summary>The table as docs/clients.md has it.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| field | | |\n|---|---|---|\n");
        foreach (var group in Groups)
        {
            var use = group.Use switch
            {
                FieldUse.Supported => "supported",
                FieldUse.NoEffect => "no effect",
                FieldUse.Ignored => "ignored, named in the answer",
                _ => "400",
            };
            text.Append("| ").AppendJoin(", ", group.Names.Select(name => $"`{name}`")).Append(" | ").Append(use).Append(" | ").Append(group.Note.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }

        return text.ToString();
    }
}
