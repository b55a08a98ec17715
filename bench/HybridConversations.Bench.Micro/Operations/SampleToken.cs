using HybridConversations.Inference.Sampling;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>Samples from a vocabulary of 49,152 (SmolLM2's).</summary>
internal sealed class SampleToken : IMicroOperation
{
    private const int Vocabulary = 49_152;
    private readonly TokenSampler _sampler;
    private readonly SamplingScratch _scratch = new(Vocabulary);
    private readonly float[] _logits = new float[Vocabulary];

    public SampleToken(string name, float temperature)
    {
        Name = name;
        _sampler = new TokenSampler(new SamplingParameters { Temperature = temperature, TopK = 40, TopP = 0.9f, MinP = 0.05f, Seed = 1 }, grammar: null, endTokens: [2]);
        var random = new Random(1);
        foreach (ref var logit in _logits.AsSpan())
        {
            logit = (random.NextSingle() + random.NextSingle() + random.NextSingle()) * 8;
        }
    }

    public string Name { get; }

    public void Run() => _sampler.Accept(_sampler.Sample(_logits, text: [], _scratch));

    public void Dispose()
    {
    }
}
