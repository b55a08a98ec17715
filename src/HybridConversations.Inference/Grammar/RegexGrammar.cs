using System.Globalization;

namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Writes the grammar of the JSON strings that match a regular expression: literals, classes, groups, alternatives and counts. Look-around, back references,
/// word boundaries and Unicode classes are refused. As in JSON Schema an expression is not anchored unless it says so with <c>^</c> and <c>$</c>.
/// </summary>
internal sealed class RegexGrammar
{
    private const int MaxCharacters = 1000;
    private const int MaxDepth = 16;
    private const int MaxCount = 1000;
    private readonly string _pattern;
    private readonly string _path;
    private readonly GbnfRules _rules;
    private int _at;
    private int _depth;

    private RegexGrammar(string pattern, string path, GbnfRules rules) => (_pattern, _path, _rules) = (pattern, path, rules);

    private bool AtEnd => _at == _pattern.Length;

    /// <summary>The expression of the string's characters, without its quotes; may be empty.</summary>
    public static string Write(string pattern, string path, GbnfRules rules)
    {
        if (pattern.Length > MaxCharacters)
        {
            throw SchemaProblem.At(path, $"has a pattern of {pattern.Length} characters; at most {MaxCharacters} are allowed");
        }

        var regex = new RegexGrammar(pattern, path, rules);
        var alternatives = new List<string>();
        do
        {
            alternatives.Add(regex.TopLevel());
        }
        while (regex.Take('|'));
        return regex.AtEnd ? GbnfText.Alternatives([.. alternatives.Select(a => a.Length == 0 ? "\"\"" : a)]) : throw regex.Refuse("text behind '$', or a ')' without '('");
    }

    private string TopLevel()
    {
        var any = $"{_rules.Use(JsonRules.Character)}*";
        var open = Take('^') ? "" : any;
        var (middle, _) = Sequence();
        return $"{open} {middle} {(Take('$') ? "" : any)}".Trim();
    }

    private Piece Alternatives()
    {
        var alternatives = new List<Piece>();
        do
        {
            alternatives.Add(Sequence());
        }
        while (Take('|'));
        return new Piece(
            $"({string.Join(" | ", alternatives.Select(a => a.Expression.Length == 0 ? "\"\"" : a.Expression))})",
            alternatives.Exists(a => a.MayBeEmpty));
    }

    private Piece Sequence()
    {
        var parts = new List<string>();
        var mayBeEmpty = true;
        while (!AtEnd && _pattern[_at] is not ('|' or ')' or '$'))
        {
            var piece = Counted(Atom());
            mayBeEmpty &= piece.MayBeEmpty;
            parts.Add(piece.Expression);
        }

        return new Piece(string.Join(' ', parts.Where(p => p.Length > 0)), mayBeEmpty);
    }

    private Piece Counted(Piece atom)
    {
        if (AtEnd)
        {
            return atom;
        }

        var (min, max) = Count();
        if (min < 0)
        {
            return atom;
        }

        if (max is null && atom.MayBeEmpty)
        {
            throw Refuse("an unbounded count of a group that may be empty");
        }

        Take('?'); // lazy: the same strings match
        if (!AtEnd && _pattern[_at] is '+' or '*' or '{')
        {
            throw Refuse("a count of a count");
        }

        var item = _rules.Add("part", atom.Expression);
        return new Piece(_rules.Repeat(item, min, max), atom.MayBeEmpty || min == 0);
    }

    // (−1, null) where there is none.
    private (int Min, int? Max) Count()
    {
        if (Take('*'))
        {
            return (0, null);
        }

        if (Take('+'))
        {
            return (1, null);
        }

        if (Take('?'))
        {
            return (0, 1);
        }

        if (!Take('{'))
        {
            return (-1, null);
        }

        var min = Integer();
        var max = Take(',') ? (_at < _pattern.Length && char.IsAsciiDigit(_pattern[_at]) ? Integer() : (int?)null) : min;
        if (!Take('}') || max < min)
        {
            throw Refuse("a count that is not {n}, {n,} or {n,m}");
        }

        return (min, max);
    }

    private int Integer()
    {
        var start = _at;
        while (!AtEnd && char.IsAsciiDigit(_pattern[_at]))
        {
            _at++;
        }

        return int.TryParse(_pattern.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= MaxCount
            ? value
            : throw Refuse($"a count that is not a number up to {MaxCount}");
    }

    private Piece Atom()
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                _at++;
                return One(RegexClass.Read(_pattern, ref _at, Refuse));
            case '.':
                _at++;
                return One(CodePointSet.LineEnds.Complement());
            case '*' or '+' or '?' or '{' or '}' or ']' or '^':
                throw Refuse($"an unescaped '{c}'");
            default:
                return One(RegexClass.ReadCharacter(_pattern, ref _at, Refuse));
        }
    }

    private Piece Group()
    {
        _at++;
        if (++_depth > MaxDepth)
        {
            throw Refuse($"groups inside each other, more than {MaxDepth}");
        }

        if (Take('?') && !Take(':'))
        {
            throw Refuse("a group that begins with '(?' and is not '(?:'");
        }

        var inner = Alternatives();
        _depth--;
        return Take(')') ? inner : throw Refuse(AtEnd ? "a '(' without ')'" : "a '$' inside a group");
    }

    private Piece One(CodePointSet set) => new(set.Write() ?? throw Refuse("a class that no character of a JSON string is in"), false);

    private bool Take(char c)
    {
        var taken = !AtEnd && _pattern[_at] == c;
        _at += taken ? 1 : 0;
        return taken;
    }

    private ProblemException Refuse(string what) => SchemaProblem.At(
        _path, $"has the pattern '{_pattern}' with {what} at character {_at}; literals, classes, groups, alternatives and counts are understood");

    private readonly record struct Piece(string Expression, bool MayBeEmpty);
}
