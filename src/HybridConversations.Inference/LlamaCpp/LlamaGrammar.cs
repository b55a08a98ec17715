using System.Runtime.InteropServices;
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

    private readonly LlamaSymbols _symbols;
    private readonly Sampler _sampler;

    /// <exception cref="ProblemException"><c>invalid-request</c>: it is no grammar, or too large.</exception>
    public LlamaGrammar(LlamaSymbols symbols, nint vocabulary, string gbnf)
    {
        GbnfLimits.Check(gbnf);
        _symbols = symbols;
        var text = Marshal.StringToCoTaskMemUTF8(gbnf);
        try
        {
            fixed (byte* root = "root\0"u8)
            {
                _sampler = new Sampler(symbols, symbols.NewGrammar(vocabulary, (byte*)text, root));
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }

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

        ObjectDisposedException.ThrowIf(_sampler.IsClosed, this);
        _symbols.AcceptGrammar(_sampler.DangerousGetHandle(), token);
    }

    public void Dispose() => _sampler.Dispose();

    private void Apply(LlamaTokenData* data, int count)
    {
        ObjectDisposedException.ThrowIf(_sampler.IsClosed, this);
        var array = new LlamaTokenDataArray { Data = data, Size = (nuint)count, Selected = -1 };
        _symbols.ApplyGrammar(_sampler.DangerousGetHandle(), &array);
    }

    /// <summary>A grammar sampler (<c>llama_sampler *</c>).</summary>
    private sealed class Sampler : SafeHandle
    {
        private readonly LlamaSymbols _symbols;

        public Sampler(LlamaSymbols symbols, nint sampler)
            : base(0, ownsHandle: true)
        {
            _symbols = symbols;
            SetHandle(sampler);
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            _symbols.FreeSampler(handle);
            return true;
        }
    }
}
