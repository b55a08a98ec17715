using System.Globalization;
using HybridConversations.Inference.Templates.Filters;
using HybridConversations.Inference.Templates.Nodes;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>Expressions, from what binds least to what binds most: if, or, and, not, comparison, sum, product, power, test, filter, sign, member and call.</summary>
internal sealed partial class Parser
{
    private Expression ParseExpression()
    {
        Deeper();
        var value = ParseOr();
        if (_tokens.TakeName("if"))
        {
            var test = ParseOr();
            var otherwise = _tokens.TakeName("else") ? ParseExpression() : null;
            value = Made(new ConditionalExpression(test, value, otherwise));
        }

        _nesting--;
        return value;
    }

    /// <summary>One expression, or several with commas between them, which are a tuple.</summary>
    private Expression ParseSequence(Func<Expression> parse)
    {
        var first = parse();
        if (!_tokens.IsSign(","))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (_tokens.TakeSign(",") && !_tokens.IsSign(")"))
        {
            items.Add(parse());
        }

        return Made(new ListExpression(items, isTuple: true));
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (_tokens.TakeName("or"))
        {
            left = Made(new LogicalExpression(isAnd: false, left, ParseAnd()));
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (_tokens.TakeName("and"))
        {
            left = Made(new LogicalExpression(isAnd: true, left, ParseNot()));
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!_tokens.TakeName("not"))
        {
            return ParseComparison();
        }

        Deeper();
        var operand = ParseNot();
        _nesting--;
        return Made(new UnaryExpression("not", operand));
    }

    private Expression ParseComparison()
    {
        var left = ParseSum();
        while (ComparisonAhead() is { } operation)
        {
            left = Made(new BinaryExpression(operation, left, ParseSum()));
        }

        return left;
    }

    /// <summary>Takes a comparison's operator; null where there is none.</summary>
    private string? ComparisonAhead()
    {
        if (_tokens.IsName("not") && _tokens.Ahead(1) is { Kind: TokenKind.Name, Text: "in" })
        {
            _tokens.Take();
            _tokens.Take();
            return "not in";
        }

        return _tokens.Current is { Kind: TokenKind.Name, Text: "in" } or { Kind: TokenKind.Sign, Text: "<" or ">" or "<=" or ">=" or "==" or "!=" } ? _tokens.Take().Text : null;
    }

    private Expression ParseSum()
    {
        var left = ParseProduct();
        while (_tokens.Current is { Kind: TokenKind.Sign, Text: "+" or "-" or "~" })
        {
            left = Made(new BinaryExpression(_tokens.Take().Text, left, ParseProduct()));
        }

        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (_tokens.Current is { Kind: TokenKind.Sign, Text: "*" or "/" or "//" or "%" })
        {
            left = Made(new BinaryExpression(_tokens.Take().Text, left, ParsePower()));
        }

        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseTest();
        while (_tokens.TakeSign("**"))
        {
            left = Made(new BinaryExpression("**", left, ParseTest()));
        }

        return left;
    }

    private Expression ParseTest()
    {
        var operand = ParseFilter();
        while (_tokens.TakeName("is"))
        {
            var isNegated = _tokens.TakeName("not");
            var test = _tokens.ExpectName();
            operand = Made(new TestExpression(operand, test, ParseTestArguments(test), isNegated));
        }

        return operand;
    }

    /// <summary>What a test compares with, in parentheses or right behind it; the oracle knows neither.</summary>
    private ArgumentList? ParseTestArguments(string test) =>
        _tokens.IsSign("(") ? ParseArguments()
        : Tests.TakesValue(test) && (_tokens.Current.Kind is TokenKind.String or TokenKind.Number || _tokens.IsSign("[") || (_tokens.Current.Kind == TokenKind.Name && !IsOperator(_tokens.Current.Text)))
            ? new ArgumentList([new Argument(ArgumentKind.Positional, null, ParseFilter())])
        : null;

    private static bool IsOperator(string name) => name is "and" or "or" or "not" or "in" or "is" or "if" or "else";

    private Expression ParseFilter()
    {
        var operand = ParseSign();
        while (_tokens.TakeSign("|"))
        {
            operand = Made(new FilterExpression(operand, ParseFilterCall()));
        }

        return operand;
    }

    private FilterCall ParseFilterCall() => new(_tokens.ExpectName(), _tokens.IsSign("(") ? ParseArguments() : null);

    private Expression ParseSign()
    {
        if (_tokens.Current is not ({ Kind: TokenKind.Unary } or { Kind: TokenKind.Sign, Text: "+" or "-" }))
        {
            return ParseMembers(ParsePrimary());
        }

        Deeper();
        var operation = _tokens.Take().Text;
        var operand = ParseSign();
        _nesting--;
        return Made(new UnaryExpression(operation, operand));
    }

    private Expression ParseMembers(Expression value)
    {
        while (true)
        {
            if (_tokens.TakeSign("."))
            {
                value = Made(new MemberExpression(value, ParseMemberName(), isComputed: false));
            }
            else if (_tokens.TakeSign("["))
            {
                value = Made(ParseSubscript(value));
                _tokens.ExpectSign("]");
            }
            else if (_tokens.IsSign("("))
            {
                value = Made(new CallExpression(value, ParseArguments()));
            }
            else
            {
                return value;
            }
        }
    }

    private Literal ParseMemberName() => _tokens.Current switch
    {
        { Kind: TokenKind.Name } => new Literal(new TextValue(_tokens.Take().Text)),
        { Kind: TokenKind.Number } token when !token.Text.Contains('.', StringComparison.Ordinal) => ParseNumber(),
        _ => throw _tokens.Unexpected("a member's name"),
    };

    /// <summary>What stands in brackets: an index, a key, or a slice of up to three parts.</summary>
    private Expression ParseSubscript(Expression owner)
    {
        var parts = new List<Expression?>();
        var isSlice = false;
        while (!_tokens.IsSign("]"))
        {
            if (_tokens.TakeSign(":"))
            {
                parts.Add(null);
                isSlice = true;
            }
            else
            {
                parts.Add(ParseExpression());
                isSlice |= _tokens.TakeSign(":");
            }
        }

        return (isSlice, parts) switch
        {
            (false, [{ } member, ..]) => new MemberExpression(owner, member, isComputed: true),
            (true, { Count: <= 3 }) => new SliceExpression(owner, parts.ElementAtOrDefault(0), parts.ElementAtOrDefault(1), parts.ElementAtOrDefault(2)),
            _ => throw Fail.Syntax("brackets hold an index, a key, or a slice of up to three parts"),
        };
    }

    private Expression ParsePrimary()
    {
        var token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return ParseNumber();
            case TokenKind.String:
                return ParseString();
            case TokenKind.Name:
                return Made(new NameExpression(_tokens.Take().Text));
            case TokenKind.Sign when token.Text == "(":
                _tokens.Take();
                var inner = ParseSequence(ParseExpression);
                _tokens.ExpectSign(")");
                return inner;
            case TokenKind.Sign when token.Text == "[":
                _tokens.Take();
                return Made(ParseList());
            case TokenKind.Sign when token.Text == "{":
                _tokens.Take();
                return Made(ParseMap());
            default:
                throw _tokens.Unexpected("a value");
        }
    }

    private Literal ParseNumber()
    {
        var text = _tokens.Take().Text;
        return new Literal(new NumberValue(double.Parse(text, CultureInfo.InvariantCulture), text.Contains('.', StringComparison.Ordinal)));
    }

    /// <summary>Strings that stand side by side are one.</summary>
    private Literal ParseString()
    {
        var parts = new List<string>();
        while (_tokens.Current.Kind == TokenKind.String)
        {
            parts.Add(_tokens.Take().Text);
        }

        return new Literal(new TextValue(string.Concat(parts)));
    }

    private ListExpression ParseList()
    {
        var items = new List<Expression>();
        while (!_tokens.TakeSign("]"))
        {
            items.Add(ParseExpression());
            _tokens.TakeSign(",");
        }

        return new ListExpression(items, isTuple: false);
    }

    private MapExpression ParseMap()
    {
        var entries = new List<(Expression, Expression)>();
        while (!_tokens.TakeSign("}"))
        {
            var key = ParseExpression();
            _tokens.ExpectSign(":");
            entries.Add((key, ParseExpression()));
            _tokens.TakeSign(",");
        }

        return new MapExpression(entries);
    }
}
