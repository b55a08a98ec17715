namespace HybridConversations.Inference.Grammar;

/// <summary>A set of Unicode code points, as a regular expression's class describes it, written as the characters of a JSON string.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;

    private static readonly (int Character, string Escape)[] Escapes =
        [('"', "\\\""), ('\\', "\\\\"), ('\b', "\\b"), ('\f', "\\f"), ('\n', "\\n"), ('\r', "\\r"), ('\t', "\\t")];

    // What no JSON string holds unescaped, and halves of surrogate pairs.
    private static readonly CodePointSet Raw = new CodePointSet([(0, 0x1F), ('"', '"'), ('\\', '\\'), (0xD800, 0xDFFF)]).Complement();

    private readonly List<(int From, int To)> _ranges;

    public CodePointSet(IEnumerable<(int From, int To)> ranges)
    {
        _ranges = [];
        foreach (var range in ranges.OrderBy(r => r.From))
        {
            if (_ranges.Count > 0 && range.From <= _ranges[^1].To + 1)
            {
                _ranges[^1] = (_ranges[^1].From, Math.Max(_ranges[^1].To, range.To));
            }
            else
            {
                _ranges.Add(range);
            }
        }
    }

    public static CodePointSet Digits { get; } = new([('0', '9')]);

    public static CodePointSet WordCharacters { get; } = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    /// <summary>ECMAScript's \s.</summary>
    public static CodePointSet WhiteSpace { get; } = new(
    [
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ]);

    public static CodePointSet LineEnds { get; } = new([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]);

    public IReadOnlyList<(int From, int To)> Ranges => _ranges;

    public CodePointSet Complement()
    {
        var gaps = new List<(int, int)>();
        var next = 0;
        foreach (var (from, to) in _ranges)
        {
            if (from > next)
            {
                gaps.Add((next, from - 1));
            }

            next = to + 1;
        }

        if (next <= Last)
        {
            gaps.Add((next, Last));
        }

        return new CodePointSet(gaps);
    }

    /// <summary>An expression of one character of the set inside a JSON string; null when none can be written.</summary>
    public string? Write()
    {
        var alternatives = new List<string>();
        var raw = Intersect(Raw);
        if (raw._ranges.Count > 0)
        {
            alternatives.Add(GbnfText.Class(raw._ranges));
        }

        alternatives.AddRange(Escapes.Where(e => Contains(e.Character)).Select(e => GbnfText.Literal(e.Escape)));
        return alternatives.Count == 0 ? null : GbnfText.Alternatives(alternatives);
    }

    private bool Contains(int value) => _ranges.Exists(r => r.From <= value && value <= r.To);

    private CodePointSet Intersect(CodePointSet other) => new(
        from a in _ranges
        from b in other._ranges
        let range = (From: Math.Max(a.From, b.From), To: Math.Min(a.To, b.To))
        where range.From <= range.To
        select range);
}
