namespace HybridConversations.Inference.Grammar;

/// <summary>Writes the grammar of the keys that are none of the given names, as a tree of their characters. Such keys are written without escapes.</summary>
internal static class KeyExclusion
{
    public static string Write(IEnumerable<string> names, GbnfRules rules)
    {
        var root = new Node();
        foreach (var name in names)
        {
            Add(root, name);
        }

        var plain = rules.Use(JsonRules.PlainCharacter);
        return $"\"\\\"\" {Tail(root, plain)} \"\\\"\"";
    }

    private static void Add(Node node, string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (!node.Children.TryGetValue(rune.Value, out var child))
            {
                child = new Node();
                node.Children.Add(rune.Value, child);
            }

            node = child;
        }

        node.IsName = true;
    }

    // What may follow the characters that led to a node; at a name's end something must.
    private static string Tail(Node node, string plain)
    {
        if (node.Children.Count == 0)
        {
            return node.IsName ? $"{plain}+" : $"{plain}*";
        }

        var others = new CodePointSet(
            [(0, 0x1F), ('"', '"'), ('\\', '\\'), (0x7F, 0x7F), (0xD800, 0xDFFF), .. node.Children.Keys.Select(k => (k, k))]).Complement();
        var alternatives = node.Children
            .Where(c => c.Key is not ('"' or '\\' or < 0x20 or 0x7F))
            .Select(c => $"{GbnfText.Class([(c.Key, c.Key)])} {Tail(c.Value, plain)}")
            .Append($"{GbnfText.Class(others.Ranges)} {plain}*");
        return $"({string.Join(" | ", alternatives)}){(node.IsName ? "" : "?")}";
    }

    private sealed class Node
    {
        public SortedDictionary<int, Node> Children { get; } = [];
        public bool IsName { get; set; }
    }
}
