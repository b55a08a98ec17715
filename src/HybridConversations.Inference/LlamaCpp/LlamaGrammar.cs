using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// A GBNF grammar over llama.cpp's grammar sampler, for one generation. The model must outlive it. llama.cpp ends the process when it is told of a token that the grammar
/// forbids, so <see cref="Accept"/> checks.
/// </summary>
internal sealed unsafe class LlamaGrammar : IGrammarConstraint
{
    [ThreadStatic]
    private static LlamaTokenData[]? _candidates;

    private readonly LlamaGrammarHandle _sampler;

    /// <exception cref="ProblemException"><c>invalid-request</c>: it is no grammar, or too large.</exception>
    public LlamaGrammar(nint vocabulary, string gbnf)
    {
        GbnfLimits.Check(gbnf);
        _sampler = new LlamaGrammarHandle(LlamaNative.llama_sampler_init_grammar(vocabulary, gbnf, "root"));
        if (_sampler.IsInvalid)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest(
                "The grammar is not valid GBNF, has no rule named 'root', uses a rule that it does not define, or begins with itself (left recursion)."));
        }
    }

    public bool Allows(int token)
    {
        var candidate = new LlamaTokenData { Id = token, Logit = 0 };
        Apply(&candidate, 1);
        return !float.IsNegativeInfinity(candidate.Logit);
    }

    public void Mask(Span<float> logits)
    {
        if (_candidates is null || _candidates.Length < logits.Length)
        {
            _candidates = GC.AllocateUninitializedArray<LlamaTokenData>(logits.Length, pinned: true);
        }

        for (var i = 0; i < logits.Length; i++)
        {
            _candidates[i] = new LlamaTokenData { Id = i, Logit = logits[i] };
        }

        fixed (LlamaTokenData* data = _candidates)
        {
            Apply(data, logits.Length);
            for (var i = 0; i < logits.Length; i++)
            {
                logits[i] = data[i].Logit;
            }
        }
    }

    public void Accept(int token)
    {
        if (!Allows(token))
        {
            throw new InvalidOperationException($"The grammar does not allow token {token} here.");
        }

        LlamaNative.llama_sampler_accept(_sampler, token);
    }

    public void Dispose() => _sampler.Dispose();

    private void Apply(LlamaTokenData* data, int count)
    {
        var array = new LlamaTokenDataArray { Data = data, Size = (nuint)count, Selected = -1 };
        LlamaNative.llama_sampler_apply(_sampler, &array);
    }
}
