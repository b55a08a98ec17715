using System.Runtime.InteropServices;

namespace HybridConversations.Inference.Grammar;

/// <summary>Writes a grammar's rules out as a <see cref="GrammarProgram"/>, from each rule's end to its beginning (Thompson 1968, with calls for rules and UTF-8 for characters).</summary>
internal sealed class GrammarCompiler
{
    /// <summary>Points of a program at most: what a grammar may cost in memory, with its repetitions written out.</summary>
    public const int MaxPoints = 40_000;

    private const int MaxRanges = 4 * MaxPoints;
    private readonly IReadOnlyList<GrammarRule> _rules;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<GrammarPoint> _points = [new(GrammarPointKind.Accept, 0, 0, 0)];
    private readonly List<ByteRange> _ranges = [];
    private readonly Dictionary<CodePointSet, List<(byte From, byte To)[]>> _sequences = new(ReferenceEqualityComparer.Instance);
    private int _rule;

    private GrammarCompiler(IReadOnlyList<GrammarRule> rules)
    {
        _rules = rules;
        foreach (var rule in rules)
        {
            _numbers.Add(rule.Name, _numbers.Count);
        }
    }

    /// <exception cref="ProblemException"><c>invalid-request</c>: a rule is missing, begins with itself, or is too large.</exception>
    public static GrammarProgram Compile(string gbnf) => new GrammarCompiler(GbnfParser.Parse(gbnf)).Compile();

    private GrammarProgram Compile()
    {
        if (!_numbers.TryGetValue("root", out var root))
        {
            throw GrammarProblem.Of("there is no rule 'root', with which a text begins");
        }

        var starts = new int[_rules.Count];
        for (_rule = 0; _rule < _rules.Count; _rule++)
        {
            starts[_rule] = Write(_rules[_rule].Body, Add(GrammarPointKind.End, 0, 0));
        }

        string[] names = [.. _rules.Select(r => r.Name)];
        var empty = RuleOrder.MayBeEmpty(_points, starts);
        var order = RuleOrder.Sort(_points, starts, empty, names);
        var place = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }

        var (classes, representatives) = ClassesOf(_ranges);
        return new GrammarProgram
        {
            Points = [.. _points],
            Ranges = [.. _ranges],
            Rules = names,
            Starts = starts,
            Root = root,
            MayBeEmpty = empty,
            Order = order,
            Place = place,
            Classes = classes,
            Representatives = representatives,
        };
    }

    /// <summary>Writes an expression that goes on at <paramref name="next"/>; returns where it begins.</summary>
    private int Write(GrammarNode node, int next)
    {
        switch (node)
        {
            case GrammarNode.Character character:
                return Match(character.Set, next);
            case GrammarNode.Rule rule:
                return _numbers.TryGetValue(rule.Name, out var number)
                    ? Add(GrammarPointKind.Call, number, next)
                    : throw GrammarProblem.In(_rules[_rule].Name, $"(line {rule.Line}) uses '{rule.Name}', which is not there");
            case GrammarNode.Sequence sequence:
                for (var i = sequence.Items.Count - 1; i >= 0; i--)
                {
                    next = Write(sequence.Items[i], next);
                }

                return next;
            case GrammarNode.Choice choice:
                var options = Write(choice.Options[^1], next);
                for (var i = choice.Options.Count - 2; i >= 0; i--)
                {
                    options = Add(GrammarPointKind.Split, Write(choice.Options[i], next), options);
                }

                return options;
            case GrammarNode.Repeat repeat:
                return Repeat(repeat, next);
            default:
                throw new InvalidOperationException($"{node} is no expression.");
        }
    }

    private int Repeat(GrammarNode.Repeat repeat, int next)
    {
        var entry = next;
        if (repeat.Max is null)
        {
            entry = Add(GrammarPointKind.Split, next, next);
            _points[entry] = _points[entry] with { A = Write(repeat.Item, entry) };
        }
        else
        {
            // x{0,3} as (x (x x?)?)?: after each item there are two ways on, not as many as items may follow.
            for (var i = repeat.Min; i < repeat.Max; i++)
            {
                entry = Add(GrammarPointKind.Split, Write(repeat.Item, entry), next);
            }
        }

        for (var i = 0; i < repeat.Min; i++)
        {
            entry = Write(repeat.Item, entry);
        }

        return entry;
    }

    private int Match(CodePointSet set, int next)
    {
        ref var sequences = ref CollectionsMarshal.GetValueRefOrAddDefault(_sequences, set, out _);
        sequences ??= Utf8Ranges.Of(set);
        return Bytes(CollectionsMarshal.AsSpan(sequences), 0, next, []);
    }

    /// <summary>A point that tells the sequences apart by their byte at <paramref name="depth"/>.</summary>
    /// <param name="sequences">Equal before that byte.</param>
    /// <param name="depth">From 0.</param>
    /// <param name="next">Where a whole character leads.</param>
    /// <param name="rests">Points for "any 1, 2 or 3 bytes more", which most characters share.</param>
    private int Bytes(ReadOnlySpan<(byte From, byte To)[]> sequences, int depth, int next, Dictionary<int, int> rests)
    {
        var ranges = new List<ByteRange>();
        while (!sequences.IsEmpty)
        {
            var (from, to) = sequences[0][depth];
            var same = 1;
            while (same < sequences.Length && sequences[same][depth] == (from, to))
            {
                same++;
            }

            var left = sequences[0].Length - depth - 1;
            var target = left == 0 ? next : same == 1 && IsWhole(sequences[0].AsSpan(depth + 1)) ? Rest(left, next, rests) : Bytes(sequences[..same], depth + 1, next, rests);
            ranges.Add(new ByteRange(from, to, target));
            sequences = sequences[same..];
        }

        return AddMatch(ranges);
    }

    private int Rest(int bytes, int next, Dictionary<int, int> rests)
    {
        if (!rests.TryGetValue(bytes, out var point))
        {
            point = AddMatch([new ByteRange(0x80, 0xBF, bytes == 1 ? next : Rest(bytes - 1, next, rests))]);
            rests.Add(bytes, point);
        }

        return point;
    }

    private static bool IsWhole(ReadOnlySpan<(byte, byte)> rest) => !rest.ContainsAnyExcept(((byte)0x80, (byte)0xBF));

    private int AddMatch(List<ByteRange> ranges)
    {
        var first = _ranges.Count;
        _ranges.AddRange(ranges);
        return Add(GrammarPointKind.Match, first, ranges.Count);
    }

    private int Add(GrammarPointKind kind, int a, int b)
    {
        if (_points.Count >= MaxPoints || _ranges.Count > MaxRanges)
        {
            throw GrammarProblem.In(_rules[_rule].Name, $"is too large: the grammar has more than {MaxPoints} elements up to there when its repetitions are written out");
        }

        _points.Add(new GrammarPoint(kind, _rule, a, b));
        return _points.Count - 1;
    }

    /// <summary>Bytes that no range tells apart are one class.</summary>
    private static (byte[] Classes, byte[] Representatives) ClassesOf(List<ByteRange> ranges)
    {
        var begins = new bool[257];
        begins[0] = true;
        foreach (var range in ranges)
        {
            begins[range.From] = true;
            begins[range.To + 1] = true;
        }

        var classes = new byte[256];
        var representatives = new List<byte>();
        for (var value = 0; value < 256; value++)
        {
            if (begins[value])
            {
                representatives.Add((byte)value);
            }

            classes[value] = (byte)(representatives.Count - 1);
        }

        return (classes, [.. representatives]);
    }
}
