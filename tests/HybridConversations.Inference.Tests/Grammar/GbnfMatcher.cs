using System.Text;

namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>
/// Reads GBNF as llama.cpp does and checks texts against it, or makes random ones. Undefined names, left recursion and counts that llama.cpp refuses throw.
/// </summary>
internal sealed class GbnfMatcher
{
    private readonly Dictionary<string, Node> _rules;

    public GbnfMatcher(string grammar)
    {
        _rules = new GbnfReader(grammar).Read();
        if (!_rules.ContainsKey("root"))
        {
            throw new FormatException("There is no rule 'root'.");
        }

        foreach (var (name, rule) in _rules)
        {
            if (References(rule).FirstOrDefault(r => !_rules.ContainsKey(r)) is { } missing)
            {
                throw new FormatException($"The rule '{name}' uses '{missing}', which is not there.");
            }
        }

        foreach (var name in _rules.Keys)
        {
            CheckLeft(name, name, []);
        }
    }

    public int Rules => _rules.Count;

    public bool Accepts(string text)
    {
        var runes = text.EnumerateRunes().Select(r => r.Value).ToArray();
        return Ends(new Reference("root"), 0, runes, []).Contains(runes.Length);
    }

    /// <summary>A random text of the grammar; repetitions and recursion stay short.</summary>
    public string Generate(Random random)
    {
        var text = new StringBuilder();
        Generate(new Reference("root"), random, text, 0);
        return text.ToString();
    }

    private HashSet<int> Ends(Node node, int at, int[] text, Dictionary<(string, int), HashSet<int>> memo)
    {
        switch (node)
        {
            case Reference r:
                if (!memo.TryGetValue((r.Name, at), out var known))
                {
                    known = Ends(_rules[r.Name], at, text, memo);
                    memo.Add((r.Name, at), known);
                }

                return known;
            case Characters c:
                return at < text.Length && c.Has(text[at]) ? [at + 1] : [];
            case Sequence s:
                return s.Items.Aggregate(new HashSet<int> { at }, (from, item) => [.. from.SelectMany(p => Ends(item, p, text, memo))]);
            case Choice c:
                return [.. c.Options.SelectMany(o => Ends(o, at, text, memo))];
            case Repeat r:
                return Repeated(r, at, text, memo);
            default:
                throw new InvalidOperationException();
        }
    }

    private HashSet<int> Repeated(Repeat repeat, int at, int[] text, Dictionary<(string, int), HashSet<int>> memo)
    {
        var ends = new HashSet<int>();
        HashSet<int> reached = [at];
        for (var count = 0; reached.Count > 0 && count <= (repeat.Max ?? int.MaxValue); count++)
        {
            if (count >= repeat.Min)
            {
                var before = ends.Count;
                ends.UnionWith(reached);
                if (repeat.Max is null && count > 0 && ends.Count == before)
                {
                    break;
                }
            }

            reached = [.. reached.SelectMany(p => Ends(repeat.Item, p, text, memo))];
        }

        return ends;
    }

    private void Generate(Node node, Random random, StringBuilder text, int depth)
    {
        switch (node)
        {
            case Reference r:
                Generate(_rules[r.Name], random, text, depth + 1);
                break;
            case Characters c:
                text.Append(char.ConvertFromUtf32(c.Pick(random)));
                break;
            case Sequence s:
                foreach (var item in s.Items)
                {
                    Generate(item, random, text, depth);
                }

                break;
            case Choice c:
                var options = depth > 40 ? [.. c.Options.Where(o => !References(o).Any())] : c.Options;
                options = options.Count == 0 ? [c.Options[^1]] : options;
                Generate(options[random.Next(options.Count)], random, text, depth);
                break;
            case Repeat r:
                var most = Math.Min(r.Max ?? int.MaxValue, r.Min + (depth > 30 ? 0 : 3));
                for (var left = random.Next(r.Min, most + 1); left > 0; left--)
                {
                    Generate(r.Item, random, text, depth);
                }

                break;
        }
    }

    private static IEnumerable<string> References(Node node) => node switch
    {
        Reference r => [r.Name],
        Sequence s => s.Items.SelectMany(References),
        Choice c => c.Options.SelectMany(References),
        Repeat r => References(r.Item),
        _ => [],
    };

    private bool Nullable(Node node, HashSet<string> open) => node switch
    {
        Reference r => open.Add(r.Name) && Nullable(_rules[r.Name], open),
        Sequence s => s.Items.All(i => Nullable(i, [.. open])),
        Choice c => c.Options.Any(o => Nullable(o, [.. open])),
        Repeat r => r.Min == 0 || Nullable(r.Item, open),
        _ => false,
    };

    private void CheckLeft(string start, string name, HashSet<string> seen)
    {
        foreach (var left in Left(_rules[name]))
        {
            if (left == start)
            {
                throw new FormatException($"The rule '{start}' is left-recursive.");
            }

            if (seen.Add(left))
            {
                CheckLeft(start, left, seen);
            }
        }
    }

    private IEnumerable<string> Left(Node node)
    {
        switch (node)
        {
            case Reference r:
                yield return r.Name;
                break;
            case Choice c:
                foreach (var name in c.Options.SelectMany(Left))
                {
                    yield return name;
                }

                break;
            case Repeat r:
                if (r.Max is null && Nullable(r.Item, []))
                {
                    throw new FormatException("An unbounded repetition of something that may be empty is left-recursive in llama.cpp.");
                }

                foreach (var name in Left(r.Item))
                {
                    yield return name;
                }

                break;
            case Sequence s:
                foreach (var item in s.Items)
                {
                    foreach (var name in Left(item))
                    {
                        yield return name;
                    }

                    if (!Nullable(item, []))
                    {
                        break;
                    }
                }

                break;
        }
    }
}

internal abstract record Node;

internal sealed record Reference(string Name) : Node;

internal sealed record Sequence(IReadOnlyList<Node> Items) : Node;

internal sealed record Choice(IReadOnlyList<Node> Options) : Node;

internal sealed record Repeat(Node Item, int Min, int? Max) : Node;

internal sealed record Characters(bool Negated, IReadOnlyList<(int From, int To)> Ranges) : Node
{
    public bool Has(int value) => Negated != Ranges.Any(r => r.From <= value && value <= r.To);

    public int Pick(Random random)
    {
        while (Negated)
        {
            var value = random.Next(4) == 0 ? random.Next(0x80, 0xD800) : random.Next(0x20, 0x7F);
            if (Has(value))
            {
                return value;
            }
        }

        var (from, to) = Ranges[random.Next(Ranges.Count)];
        return random.Next(from, to + 1);
    }
}
