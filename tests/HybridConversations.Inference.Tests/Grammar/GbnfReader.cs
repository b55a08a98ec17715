using System.Globalization;

namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>Reads GBNF text into nodes.</summary>
internal sealed class GbnfReader(string text)
{
    private const int MostRepetitions = 2000;
    private int _at;

    public Dictionary<string, Node> Read()
    {
        var rules = new Dictionary<string, Node>(StringComparer.Ordinal);
        SkipSpace(true);
        while (_at < text.Length)
        {
            var name = Name();
            SkipSpace(false);
            Expect("::=");
            SkipSpace(false);
            rules.Add(name, Choice(false));
            SkipSpace(true);
        }

        return rules;
    }

    private Node Choice(bool nested)
    {
        var options = new List<Node> { Sequence(nested) };
        while (Peek() == '|')
        {
            _at++;
            SkipSpace(nested);
            options.Add(Sequence(nested));
        }

        return options.Count == 1 ? options[0] : new Choice(options);
    }

    private Sequence Sequence(bool nested)
    {
        var items = new List<Node>();
        while (true)
        {
            switch (Peek())
            {
                case '"':
                    var literal = new List<Node>();
                    for (_at++; Peek() != '"';)
                    {
                        var value = Character();
                        literal.Add(new Characters(false, [(value, value)]));
                    }

                    _at++;
                    items.Add(new Sequence(literal));
                    break;
                case '[':
                    items.Add(Class());
                    break;
                case '(':
                    _at++;
                    SkipSpace(true);
                    items.Add(Choice(true));
                    Expect(")");
                    break;
                case '.':
                    _at++;
                    items.Add(new Characters(true, []));
                    break;
                case '*' or '+' or '?' or '{':
                    items[^1] = Repeat(items[^1]);
                    break;
                case { } c when char.IsAsciiLetterOrDigit(c):
                    items.Add(new Reference(Name()));
                    break;
                default:
                    return new Sequence(items);
            }

            SkipSpace(nested);
        }
    }

    private Repeat Repeat(Node item)
    {
        switch (text[_at++])
        {
            case '*':
                return new Repeat(item, 0, null);
            case '+':
                return new Repeat(item, 1, null);
            case '?':
                return new Repeat(item, 0, 1);
            default:
                var parts = text[_at..text.IndexOf('}', _at)].Split(',');
                _at = text.IndexOf('}', _at) + 1;
                var min = int.Parse(parts[0], CultureInfo.InvariantCulture);
                var max = parts.Length == 1 ? min : parts[1].Length == 0 ? (int?)null : int.Parse(parts[1], CultureInfo.InvariantCulture);
                return Math.Max(min, max ?? 0) < MostRepetitions && !(max < min)
                    ? new Repeat(item, min, max)
                    : throw new FormatException($"{{{min},{max}}} is not possible.");
        }
    }

    private Characters Class()
    {
        _at++;
        var negated = Peek() == '^';
        _at += negated ? 1 : 0;
        var ranges = new List<(int, int)>();
        while (Peek() != ']')
        {
            var from = Character();
            var to = from;
            if (Peek() == '-' && text[_at + 1] != ']')
            {
                _at++;
                to = Character();
            }

            ranges.Add(to >= from ? (from, to) : throw new FormatException($"A range runs backwards at {_at}."));
        }

        _at++;
        return new Characters(negated, ranges);
    }

    private int Character()
    {
        if (text[_at] != '\\')
        {
            var value = char.ConvertToUtf32(text, _at);
            _at += value > 0xFFFF ? 2 : 1;
            return value is '\n' ? throw new FormatException("A line ends inside a terminal.") : value;
        }

        var escape = text[_at + 1];
        _at += 2;
        return escape switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' => escape,
            _ => throw new FormatException($"llama.cpp knows no escape \\{escape}."),
        };
    }

    private int Hex(int digits)
    {
        var value = int.Parse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _at += digits;
        return value;
    }

    private string Name()
    {
        var start = _at;
        while (Peek() is { } c && (char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw new FormatException($"A name is expected at {_at}: {text[_at..Math.Min(text.Length, _at + 20)]}");
    }

    private void SkipSpace(bool lines)
    {
        while (Peek() is ' ' or '\t' || (lines && Peek() is '\n' or '\r'))
        {
            _at++;
        }
    }

    private void Expect(string token)
    {
        if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0)
        {
            throw new FormatException($"'{token}' is expected at {_at}: {text[_at..Math.Min(text.Length, _at + 20)]}");
        }

        _at += token.Length;
    }

    private char? Peek() => _at < text.Length ? text[_at] : null;
}
