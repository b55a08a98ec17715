using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Grammar;

/// <summary>Reads grammars for one model and remembers the latest: clients send the same schema with every request. Thread-safe.</summary>
internal sealed class GrammarLibrary(IModelBackend backend)
{
    private const int MaxRemembered = 16;
    private const int MaxCharacters = 8192;
    private readonly Lazy<TokenTree> _tokens = new(() => new TokenTree(backend));
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Text, CompiledGrammar Grammar)> _remembered = [];

    /// <summary>The grammar of a text in GBNF.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: no grammar, or too costly; names the rule.</exception>
    public CompiledGrammar Compile(string gbnf)
    {
        lock (_lock)
        {
            for (var node = _remembered.First; node is not null; node = node.Next)
            {
                if (node.Value.Text == gbnf)
                {
                    _remembered.Remove(node);
                    _remembered.AddFirst(node);
                    return node.Value.Grammar;
                }
            }
        }

        var program = GrammarCompiler.Compile(gbnf);
        GrammarProbe.Try(program);
        var grammar = new CompiledGrammar(program, _tokens.Value);
        if (gbnf.Length <= MaxCharacters)
        {
            lock (_lock)
            {
                _remembered.AddFirst((gbnf, grammar));
                if (_remembered.Count > MaxRemembered)
                {
                    _remembered.RemoveLast();
                }
            }
        }

        return grammar;
    }
}
