using System.Globalization;
using System.Text;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>Cuts a prepared source into tokens; white space around tags goes where <c>{%-</c> and <c>-%}</c> ask for it.</summary>
internal sealed class Lexer
{
    // Longer signs first, where one begins another.
    private static readonly string[] Signs =
    [
        "(", ")", "{", "}", "[", "]", ",", ".", ":", "|", "<=", ">=", "==", "!=", "<", ">", "+", "-", "~", "**", "*", "//", "/", "%", "=",
    ];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _braces;

    private Lexer(string source) => _source = source;

    private TokenKind? Last => _tokens.Count > 0 ? _tokens[^1].Kind : null;

    /// <exception cref="TemplateException">A character or an escape has no meaning, or something is not closed.</exception>
    public static List<Token> Read(string prepared)
    {
        var lexer = new Lexer(prepared);
        while (lexer._at < prepared.Length)
        {
            lexer.ReadNext();
        }

        return lexer._tokens;
    }

    private void ReadNext()
    {
        if (Last is null or TokenKind.CloseStatement or TokenKind.CloseExpression or TokenKind.Comment && ReadText())
        {
            return;
        }

        if (At("{#"))
        {
            ReadComment();
        }
        else if (At("{%-"))
        {
            Open(TokenKind.OpenStatement, strips: true);
        }
        else if (At("{{-"))
        {
            Open(TokenKind.OpenExpression, strips: true);
        }
        else
        {
            ReadInside();
        }
    }

    private bool ReadText()
    {
        var end = _at;
        while (end < _source.Length && !(_source[end] == '{' && end + 1 < _source.Length && _source[end + 1] is '%' or '{' or '#'))
        {
            end++;
        }

        if (end == _at)
        {
            return false;
        }

        _tokens.Add(new Token(TokenKind.Text, _source[_at..end]));
        _at = end;
        return true;
    }

    private void ReadComment()
    {
        _at += 2;
        var strips = At("-");
        _at += strips ? 1 : 0;
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fail.Syntax("a comment is not closed");
        }

        if (strips)
        {
            StripText();
        }

        _tokens.Add(new Token(TokenKind.Comment, ""));
        var stripsBehind = end > _at && _source[end - 1] == '-';
        _at = end + 2;
        if (stripsBehind)
        {
            SkipSpaces();
        }
    }

    private void ReadInside()
    {
        SkipSpaces();
        if (_at >= _source.Length)
        {
            throw Fail.Syntax("a tag is not closed");
        }

        if (At("-%}") || At("-}}"))
        {
            Close(_source[_at + 1] == '%' ? TokenKind.CloseStatement : TokenKind.CloseExpression, 3);
            SkipSpaces();
        }
        else if (_source[_at] is '-' or '+' && !EndsValue())
        {
            ReadSigned();
        }
        else if (At("{%") || At("{{"))
        {
            Open(At("{%") ? TokenKind.OpenStatement : TokenKind.OpenExpression, strips: false);
        }
        else if (At("%}") || (At("}}") && _braces <= 0))
        {
            Close(At("%}") ? TokenKind.CloseStatement : TokenKind.CloseExpression, 2);
        }
        else
        {
            ReadWord();
        }
    }

    private void ReadWord()
    {
        var character = _source[_at];
        if (Array.Find(Signs, At) is { } sign)
        {
            _tokens.Add(new Token(TokenKind.Sign, sign));
            _braces += sign == "{" ? 1 : sign == "}" ? -1 : 0;
            _at += sign.Length;
        }
        else if (character is '\'' or '"')
        {
            _tokens.Add(new Token(TokenKind.String, ReadString(character)));
        }
        else if (char.IsAsciiDigit(character))
        {
            var isMember = _tokens[^1] is { Kind: TokenKind.Sign, Text: "." };
            _tokens.Add(new Token(TokenKind.Number, ReadNumber(withFraction: !isMember)));
        }
        else if (Texts.IsWord(character))
        {
            _tokens.Add(new Token(TokenKind.Name, ReadRun(Texts.IsWord)));
        }
        else
        {
            throw Fail.Syntax($"the character '{character}' has no meaning in a tag");
        }
    }

    /// <summary>Does what stands to the left end a value, so that a sign behind it is an operator?</summary>
    private bool EndsValue() => Last switch
    {
        TokenKind.Name or TokenKind.Number or TokenKind.String => true,
        TokenKind.Sign => _tokens[^1].Text is ")" or "]",
        _ => false,
    };

    private void ReadSigned()
    {
        var sign = _source[_at++];
        var number = _at < _source.Length && char.IsAsciiDigit(_source[_at]) ? ReadNumber(withFraction: true) : "";
        _tokens.Add(new Token(number.Length > 0 ? TokenKind.Number : TokenKind.Unary, sign + number));
    }

    private string ReadNumber(bool withFraction)
    {
        var number = ReadRun(char.IsAsciiDigit);
        if (withFraction && At(".") && _at + 1 < _source.Length && char.IsAsciiDigit(_source[_at + 1]))
        {
            _at++;
            number += "." + ReadRun(char.IsAsciiDigit);
        }

        return number;
    }

    private string ReadRun(Func<char, bool> belongs)
    {
        var from = _at;
        while (_at < _source.Length && belongs(_source[_at]))
        {
            _at++;
        }

        return _at < _source.Length ? _source[from.._at] : throw Fail.Syntax("a tag is not closed");
    }

    private string ReadString(char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < _source.Length && _source[_at] != quote; _at++)
        {
            text.Append(_source[_at] == '\\' ? ReadEscape() : _source[_at]);
        }

        if (_at >= _source.Length)
        {
            throw Fail.Syntax("a string is not closed");
        }

        _at++;
        return text.ToString();
    }

    /// <summary>Stands on the escape's last character afterwards.</summary>
    private char ReadEscape()
    {
        var mark = ++_at < _source.Length ? _source[_at] : '\0';
        switch (mark)
        {
            case 'x' or 'u':
                var length = mark == 'x' ? 2 : 4;
                var digits = _source.AsSpan(_at + 1, Math.Min(length, _source.Length - _at - 1));
                if (digits.Length < length || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    throw Fail.Syntax($"the escape \\{mark}{digits} is not whole");
                }

                _at += length;
                return (char)code;
            case '\'' or '"' or '\\':
                return mark;
            default:
                var known = "ntrbfv".IndexOf(mark, StringComparison.Ordinal);
                return known >= 0 ? "\n\t\r\b\f\v"[known] : throw Fail.Syntax($"the escape \\{mark} has no meaning");
        }
    }

    private void Open(TokenKind kind, bool strips)
    {
        if (strips)
        {
            StripText();
        }

        _braces = kind == TokenKind.OpenExpression ? 0 : _braces;
        _tokens.Add(new Token(kind, ""));
        _at += strips ? 3 : 2;
    }

    private void Close(TokenKind kind, int length)
    {
        _tokens.Add(new Token(kind, ""));
        _at += length;
    }

    private void StripText()
    {
        if (Last == TokenKind.Text)
        {
            var text = Texts.TrimEnd(_tokens[^1].Text);
            _tokens.RemoveAt(_tokens.Count - 1);
            if (text.Length > 0)
            {
                _tokens.Add(new Token(TokenKind.Text, text));
            }
        }
    }

    private void SkipSpaces()
    {
        while (_at < _source.Length && Texts.IsSpace(_source[_at]))
        {
            _at++;
        }
    }

    private bool At(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;
}
