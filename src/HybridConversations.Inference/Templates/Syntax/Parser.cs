using HybridConversations.Inference.Templates.Nodes;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>Tokens to a syntax tree, by recursive descent. This part reads statements.</summary>
internal sealed partial class Parser(List<Token> tokens)
{
    private readonly TokenReader _tokens = new(tokens);
    private int _nesting;

    public Block ParseTemplate()
    {
        var statements = new List<Statement>();
        while (!_tokens.IsAtEnd)
        {
            AddStatement(statements);
        }

        return Made(new Block(statements));
    }

    private static T Made<T>(T node)
        where T : Node
    {
        node.Measure();
        return node;
    }

    private void AddStatement(List<Statement> statements)
    {
        switch (_tokens.Current.Kind)
        {
            case TokenKind.Comment:
                _tokens.Take();
                break;
            case TokenKind.Text:
                statements.Add(Made(new TextStatement(_tokens.Take().Text)));
                break;
            case TokenKind.OpenExpression:
                _tokens.Take();
                statements.Add(Made(new PrintStatement(ParseExpression())));
                _tokens.Expect(TokenKind.CloseExpression);
                break;
            case TokenKind.OpenStatement:
                Deeper();
                _tokens.Take();
                statements.Add(Made(ParseStatement(_tokens.ExpectName())));
                _nesting--;
                break;
            default:
                throw _tokens.Unexpected("a tag or text");
        }
    }

    private Statement ParseStatement(string name)
    {
        switch (name)
        {
            case "set":
                return ParseSet();
            case "if":
                var branch = ParseIf();
                End("endif");
                return branch;
            case "for":
                return ParseFor();
            case "macro":
                return ParseMacro();
            case "call":
                return ParseCallBlock();
            case "filter":
                var filter = ParseFilterCall();
                _tokens.Expect(TokenKind.CloseStatement);
                return new FilterStatement(filter, ParseBody("endfilter"));
            case "break":
            case "continue":
                _tokens.Expect(TokenKind.CloseStatement);
                return new LoopControlStatement(name == "break" ? Flow.Break : Flow.Continue);
            default:
                throw Fail.Syntax($"there is no statement '{name}'");
        }
    }

    /// <summary>Statements up to, and without, the one of one of these names.</summary>
    private Block ParseUntil(params ReadOnlySpan<string> ends)
    {
        var statements = new List<Statement>();
        while (!_tokens.IsStatement(ends))
        {
            AddStatement(statements);
        }

        return Made(new Block(statements));
    }

    private Block ParseBody(string end)
    {
        var body = ParseUntil(end);
        End(end);
        return body;
    }

    private void End(string name)
    {
        _tokens.Expect(TokenKind.OpenStatement);
        if (!_tokens.TakeName(name))
        {
            throw _tokens.Unexpected($"'{name}'");
        }

        _tokens.Expect(TokenKind.CloseStatement);
    }

    private IfStatement ParseIf()
    {
        var test = ParseExpression();
        _tokens.Expect(TokenKind.CloseStatement);
        var then = ParseUntil("elif", "else", "endif");
        if (_tokens.IsStatement("elif"))
        {
            Deeper();
            _tokens.Take();
            _tokens.Take();
            var other = Made(ParseIf());
            _nesting--;
            return new IfStatement(test, then, Made(new Block([other])));
        }

        return new IfStatement(test, then, ParseElse("endif"));
    }

    private Block ParseElse(string end)
    {
        if (!_tokens.IsStatement("else"))
        {
            return new Block([]);
        }

        _tokens.Take();
        _tokens.Take();
        _tokens.Expect(TokenKind.CloseStatement);
        return ParseUntil(end);
    }

    private ForStatement ParseFor()
    {
        var target = ParseTarget(ParseSequence(ParsePrimary));
        if (!_tokens.TakeName("in"))
        {
            throw _tokens.Unexpected("'in'");
        }

        var items = ParseExpression();
        var condition = (items as ConditionalExpression) is { HasElse: false } chosen ? chosen.Test : null;
        items = condition is null ? items : ((ConditionalExpression)items).Then;
        _tokens.Expect(TokenKind.CloseStatement);
        var body = ParseUntil("endfor", "else");
        var otherwise = ParseElse("endfor");
        End("endfor");
        return new ForStatement(target, items, condition, body, otherwise);
    }

    private Statement ParseSet()
    {
        var left = ParseSequence(ParseExpression);
        Expression? value = null;
        Block? body = null;
        if (_tokens.TakeSign("="))
        {
            value = ParseSequence(ParseExpression);
            _tokens.Expect(TokenKind.CloseStatement);
        }
        else
        {
            _tokens.Expect(TokenKind.CloseStatement);
            body = ParseBody("endset");
        }

        return left is MemberExpression { Name: { } name } member ? new SetMemberStatement(member.Owner, name, value, body)
            : new SetStatement(ParseTarget(left), value, body);
    }

    private MacroStatement ParseMacro()
    {
        var name = _tokens.ExpectName();
        var parameters = ParseParameters();
        _tokens.Expect(TokenKind.CloseStatement);
        return new MacroStatement(name, new MacroBody(name, parameters, ParseBody("endmacro")));
    }

    private CallStatement ParseCallBlock()
    {
        var parameters = _tokens.IsSign("(") ? ParseParameters() : [];
        var function = Made(new NameExpression(_tokens.ExpectName()));
        var call = Made(new CallExpression(function, ParseArguments()));
        _tokens.Expect(TokenKind.CloseStatement);
        return new CallStatement(call, new MacroBody("caller", parameters, ParseBody("endcall")));
    }

    private static LoopTarget ParseTarget(Expression left) => left switch
    {
        NameExpression name => new LoopTarget([name.Name], isTuple: false),
        ListExpression { IsTuple: true } tuple => new LoopTarget([.. tuple.Items.Select(NameOf)], isTuple: true),
        _ => throw Fail.Syntax("a value can be given to a name, to names with commas between them, or to a member of a namespace"),
    };

    private static string NameOf(Expression expression) => expression is NameExpression name ? name.Name : throw Fail.Syntax("a list can be taken apart into names only");

    private void Deeper()
    {
        if (++_nesting > TemplateLimits.MaxNesting)
        {
            throw Fail.Limit($"The template nests deeper than {TemplateLimits.MaxNesting}.");
        }
    }
}
