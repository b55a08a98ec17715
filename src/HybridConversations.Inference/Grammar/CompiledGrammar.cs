namespace HybridConversations.Inference.Grammar;

/// <summary>A grammar that has been read, bounded and tried, over one model's tokens. Immutable: any number of generations may use it at once.</summary>
public sealed class CompiledGrammar
{
    private readonly GrammarProgram _program;
    private readonly TokenTree _tokens;

    internal CompiledGrammar(GrammarProgram program, TokenTree tokens) => (_program, _tokens) = (program, tokens);

    /// <summary>Points of its automaton: what it costs in memory.</summary>
    internal int Size => _program.Points.Length;

    /// <summary>The model's tokens.</summary>
    internal TokenTree Tokens => _tokens;

    /// <summary>Begins a reply.</summary>
    internal GrammarMatcher Begin() => new(_program, _tokens);
}
