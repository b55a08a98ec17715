using HybridConversations.Inference.Templates.Nodes;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>What stands in parentheses behind a function's or a macro's name.</summary>
internal sealed partial class Parser
{
    private ArgumentList ParseArguments()
    {
        _tokens.ExpectSign("(");
        var arguments = new List<Argument>();
        while (!_tokens.IsSign(")"))
        {
            var argument = ParseArgument();
            Check(argument, arguments);
            arguments.Add(argument);
            _tokens.TakeSign(",");
        }

        _tokens.Take();
        return new ArgumentList(arguments);
    }

    private Argument ParseArgument()
    {
        if (_tokens.TakeSign("**"))
        {
            return new Argument(ArgumentKind.KeywordSpread, null, ParseExpression());
        }

        if (_tokens.TakeSign("*"))
        {
            return new Argument(ArgumentKind.Spread, null, ParseExpression());
        }

        var value = ParseExpression();
        if (!_tokens.TakeSign("="))
        {
            return new Argument(ArgumentKind.Positional, null, value);
        }

        var name = value is NameExpression { Name: var given } ? given : throw Fail.Syntax("an argument's name is a name");
        return new Argument(ArgumentKind.Keyword, name, ParseExpression());
    }

    /// <summary>Python's order: what has no name, what has one, and ** at the end.</summary>
    private static void Check(Argument argument, List<Argument> before)
    {
        if (before.Any(other => other.Kind == ArgumentKind.KeywordSpread))
        {
            throw Fail.Syntax("nothing comes behind a ** argument");
        }

        var isLate = argument.Kind switch
        {
            ArgumentKind.Spread => before.Any(other => other.Kind == ArgumentKind.Spread),
            ArgumentKind.Positional => before.Any(other => other.Kind is ArgumentKind.Keyword or ArgumentKind.Spread),
            _ => false,
        };
        if (isLate)
        {
            throw Fail.Syntax("arguments without a name come before * and those with one, and * comes once");
        }
    }

    private List<MacroParameter> ParseParameters()
    {
        _tokens.ExpectSign("(");
        var parameters = new List<MacroParameter>();
        while (!_tokens.TakeSign(")"))
        {
            var name = _tokens.ExpectName();
            var value = _tokens.TakeSign("=") ? ParseExpression() : null;
            if (parameters.Any(other => other.Name == name) || (value is null && parameters.Any(other => other.Default is not null)))
            {
                throw Fail.Syntax($"the parameter '{name}' comes twice, or has no default behind one that has");
            }

            parameters.Add(new MacroParameter(name, value));
            _tokens.TakeSign(",");
        }

        return parameters;
    }
}
