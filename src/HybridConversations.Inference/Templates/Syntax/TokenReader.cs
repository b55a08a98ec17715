using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Syntax;

/// <summary>Tokens, one after another, with what the parser asks of them.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private static readonly Token End = new(TokenKind.End, "");
    private int _at;

    public Token Current => Ahead(0);

    public bool IsAtEnd => _at >= tokens.Count;

    public Token Ahead(int count) => _at + count < tokens.Count ? tokens[_at + count] : End;

    public Token Take() => _at < tokens.Count ? tokens[_at++] : throw Fail.Syntax("the template ends in the middle");

    public bool IsSign(string sign) => Current is { Kind: TokenKind.Sign } token && token.Text == sign;

    public bool IsName(string name) => Current is { Kind: TokenKind.Name } token && token.Text == name;

    /// <summary>Does a statement of one of these names begin here?</summary>
    public bool IsStatement(params ReadOnlySpan<string> names) =>
        Current.Kind == TokenKind.OpenStatement && Ahead(1) is { Kind: TokenKind.Name } token && names.Contains(token.Text);

    public bool TakeSign(string sign)
    {
        var found = IsSign(sign);
        _at += found ? 1 : 0;
        return found;
    }

    public bool TakeName(string name)
    {
        var found = IsName(name);
        _at += found ? 1 : 0;
        return found;
    }

    public void Expect(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected(kind.ToString());
        }

        _at++;
    }

    public void ExpectSign(string sign)
    {
        if (!TakeSign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    public string ExpectName() => Current.Kind == TokenKind.Name ? tokens[_at++].Text : throw Unexpected("a name");

    public TemplateException Unexpected(string wanted) => Fail.Syntax($"{wanted} should stand where {Current.Kind} '{Current.Text}' stands (token {_at})");
}
