using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Reads GBNF, llama.cpp's grammar notation: rules <c>name ::= …</c>, literals, classes, <c>.</c>, groups, alternatives, <c>* + ? {m} {m,} {m,n}</c> and comments.
/// Tokens (<c>&lt;[5]&gt;</c>) are not understood: a grammar is about text here. Nesting and counts are bounded while it reads.
/// </summary>
internal sealed class GbnfParser
{
    /// <summary>Brackets inside each other at most.</summary>
    public const int MaxDepth = 64;

    /// <summary>Times that one item may be repeated, where a number says so.</summary>
    public const int MaxRepetition = 2000;

    /// <summary>Characters of a grammar at most; a schema's may be longer than what a caller may send.</summary>
    public const int MaxCharacters = JsonSchemaGrammar.MaxGrammarCharacters;

    private readonly string _text;
    private int _at;
    private int _depth;
    private string? _rule;

    private GbnfParser(string text) => _text = text;

    private bool AtEnd => _at >= _text.Length;

    private int Line => 1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n');

    /// <summary>The rules in their order; names are unique, and there is at least one.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: what is wrong, in which rule and line.</exception>
    public static IReadOnlyList<GrammarRule> Parse(string text)
    {
        if (text.Length > MaxCharacters)
        {
            throw GrammarProblem.Of($"it has {text.Length} characters; at most {MaxCharacters} are allowed");
        }

        return new GbnfParser(text).Rules();
    }

    private List<GrammarRule> Rules()
    {
        var rules = new List<GrammarRule>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        SkipSpace(lines: true);
        while (!AtEnd)
        {
            _rule = null;
            var line = Line;
            var name = Name();
            _rule = name;
            SkipSpace(lines: false);
            Expect("::=");
            SkipSpace(lines: true);
            if (!names.Add(name))
            {
                throw Refuse("is there twice");
            }

            rules.Add(new GrammarRule(name, line, Choice(nested: false)));
            if (!AtEnd && Peek() is not ('\n' or '\r'))
            {
                throw Refuse($"has an unexpected '{Rune()}'");
            }

            SkipSpace(lines: true);
        }

        return rules.Count > 0 ? rules : throw GrammarProblem.Of("it is empty");
    }

    private GrammarNode Choice(bool nested)
    {
        var options = new List<GrammarNode> { Sequence(nested) };
        while (Peek() == '|')
        {
            _at++;
            SkipSpace(lines: true);
            options.Add(Sequence(nested));
        }

        return options.Count == 1 ? options[0] : new GrammarNode.Choice(options);
    }

    private GrammarNode Sequence(bool nested)
    {
        var items = new List<GrammarNode>();
        while (true)
        {
            switch (Peek())
            {
                case '"':
                    items.Add(Literal());
                    break;
                case '[':
                    items.Add(new GrammarNode.Character(Class()));
                    break;
                case '.':
                    _at++;
                    items.Add(new GrammarNode.Character(CodePointSet.Any));
                    break;
                case '(':
                    items.Add(Group());
                    break;
                case '*' or '+' or '?' or '{':
                    items[^1] = items.Count > 0 ? Repeated(items[^1]) : throw Refuse($"has a '{Peek()}' with nothing before it");
                    break;
                case '<' or '!':
                    throw Refuse("names a token; write its text instead");
                case { } c when IsName(c):
                    items.Add(new GrammarNode.Rule(Name(), Line));
                    break;
                default:
                    return items.Count == 1 ? items[0] : new GrammarNode.Sequence(items);
            }

            SkipSpace(nested);
        }
    }

    private GrammarNode Group()
    {
        _at++;
        if (++_depth > MaxDepth)
        {
            throw Refuse($"nests more than {MaxDepth} brackets");
        }

        SkipSpace(lines: true);
        var inner = Choice(nested: true);
        _depth--;
        return Take(')') ? inner : throw Refuse("has a '(' without ')'");
    }

    private GrammarNode.Sequence Literal()
    {
        _at++;
        var characters = new List<GrammarNode>();
        while (Peek() != '"')
        {
            var value = Character();
            characters.Add(new GrammarNode.Character(CodePointSet.IsScalar(value)
                ? new CodePointSet([(value, value)])
                : throw Refuse($"has a literal with U+{value:X4}, which is no character")));
        }

        _at++;
        return new GrammarNode.Sequence(characters);
    }

    private CodePointSet Class()
    {
        _at++;
        var negated = Take('^');
        var ranges = new List<(int, int)>();
        while (Peek() != ']')
        {
            var from = Character();
            var to = from;
            if (Peek() == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']')
            {
                _at++;
                to = Character();
            }

            ranges.Add(from <= to ? (from, to) : throw Refuse($"has a range that runs backwards, from U+{from:X4} to U+{to:X4}"));
        }

        _at++;
        var set = new CodePointSet(ranges);
        return negated ? set.Complement() : set;
    }

    private GrammarNode.Repeat Repeated(GrammarNode item)
    {
        switch (_text[_at++])
        {
            case '*':
                return new GrammarNode.Repeat(item, 0, null);
            case '+':
                return new GrammarNode.Repeat(item, 1, null);
            case '?':
                return new GrammarNode.Repeat(item, 0, 1);
        }

        SkipSpace(lines: true);
        var min = Count();
        SkipSpace(lines: true);
        int? max = min;
        if (Take(','))
        {
            SkipSpace(lines: true);
            max = Peek() == '}' ? null : Count();
            SkipSpace(lines: true);
        }

        if (!Take('}'))
        {
            throw Refuse("has a repetition that is not {n}, {n,} or {n,m}");
        }

        return max is null || max >= min
            ? new GrammarNode.Repeat(item, min, max)
            : throw Refuse($"repeats something {{{min},{max}}} times: the most is less than the least");
    }

    private int Count()
    {
        var start = _at;
        while (Peek() is { } c && char.IsAsciiDigit(c))
        {
            _at++;
        }

        var digits = _text.AsSpan(start, _at - start);
        if (digits.IsEmpty)
        {
            throw Refuse("has a repetition that is not {n}, {n,} or {n,m}");
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MaxRepetition
            ? count
            : throw Refuse($"repeats something {digits} times; at most {MaxRepetition} are allowed");
    }

    /// <summary>A code point of a literal or class; may be half a surrogate pair where an escape says so.</summary>
    private int Character()
    {
        if (AtEnd || _text[_at] is '\n' or '\r')
        {
            throw Refuse("has a literal or class that its line does not end");
        }

        if (_text[_at] != '\\')
        {
            return Rune().Value is var value && value > 0xFFFF ? Advance(2, value) : Advance(1, value);
        }

        var escape = _at + 1 < _text.Length ? _text[_at + 1] : '\n';
        _at += 2;
        return escape switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '-' or '^' => escape,
            _ => throw Refuse($"has the escape '\\{escape}'; known are \\x \\u \\U \\t \\r \\n \\\\ \\\" \\[ \\] \\- \\^"),
        };
    }

    private int Hex(int digits)
    {
        if (_at + digits > _text.Length
            || !uint.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > CodePointSet.Last)
        {
            throw Refuse($"has an escape that is not {digits} hexadecimal digits of a code point");
        }

        return Advance(digits, (int)value);
    }

    private int Advance(int characters, int value)
    {
        _at += characters;
        return value;
    }

    private Rune Rune() => System.Text.Rune.TryGetRuneAt(_text, _at, out var rune) ? rune : throw Refuse("has half a surrogate pair");

    private string Name()
    {
        var start = _at;
        while (Peek() is { } c && IsName(c))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Refuse($"needs a rule's name where '{(AtEnd ? "its end" : Rune().ToString())}' stands");
    }

    private void SkipSpace(bool lines)
    {
        while (Peek() is { } c && (c is ' ' or '\t' or '#' || (lines && c is '\n' or '\r')))
        {
            if (c != '#')
            {
                _at++;
                continue;
            }

            while (Peek() is not (null or '\n' or '\r'))
            {
                _at++;
            }
        }
    }

    private void Expect(string token)
    {
        if (string.CompareOrdinal(_text, _at, token, 0, token.Length) != 0)
        {
            throw Refuse($"needs '{token}' behind its name");
        }

        _at += token.Length;
    }

    private bool Take(char c)
    {
        var taken = Peek() == c;
        _at += taken ? 1 : 0;
        return taken;
    }

    private char? Peek() => AtEnd ? null : _text[_at];

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private ProblemException Refuse(string what) => _rule is null ? GrammarProblem.Of($"line {Line} {what}") : GrammarProblem.In(_rule, $"(line {Line}) {what}");
}
