using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Sampling;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Sampling;

public sealed class TokenSamplerTests
{
    private const int Vocabulary = SimulatedModel.VocabularySize;
    private static readonly int[] Ends = [SimulatedModel.MessageEnd, SimulatedModel.EndOfText];
    private static readonly GrammarLibrary Library = new(new SimulatedBackend());
    private readonly SamplingScratch _scratch = new(Vocabulary);

    [Theory]
    [InlineData(40, 1f)]
    [InlineData(0, 1f)]
    [InlineData(0, 0.999f)]
    [InlineData(0, 1f, 0.9999f)]
    public void Draws_as_often_as_the_probabilities_say(int topK, float topP, float typical = 1)
    {
        var logits = Logits(('a', 0.5), ('b', 0.3), ('c', 0.2));
        var sampler = Sampler(new() { Temperature = 1, TopK = topK, TopP = topP, TypicalP = typical, MinP = 0, Seed = 5 });
        var counts = Enumerable.Range(0, 20_000).Select(_ => sampler.Sample(logits, [], _scratch)).CountBy(t => (char)t).ToDictionary();
        Assert.InRange(counts['a'], 9_600, 10_400);
        Assert.InRange(counts['b'], 5_600, 6_400);
        Assert.InRange(counts['c'], 3_600, 4_400);
    }

    [Fact]
    public void Temperature_sharpens()
    {
        var logits = Logits(('a', 0.6), ('b', 0.4));
        var sampler = Sampler(new() { Temperature = 0.5f, MinP = 0, TopP = 1 }); // 0.36 to 0.16
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => sampler.Sample(logits, [], _scratch) == 'a'), 6_600, 7_250);
    }

    [Fact]
    public void A_seed_gives_the_same_tokens()
    {
        var (one, other) = (Sampler(new() { Seed = 9, TopK = 0 }), Sampler(new() { Seed = 9, TopK = 0 }));
        var logits = Logits(('a', 0.3), ('b', 0.3), ('c', 0.4));
        Assert.Equal(Enumerable.Range(0, 50).Select(_ => one.Sample(logits, [], _scratch)), Enumerable.Range(0, 50).Select(_ => other.Sample(logits, [], _scratch)));
    }

    [Theory]
    [InlineData(0f, 40)]
    [InlineData(1f, 40)]
    [InlineData(1f, 0)]
    [InlineData(1f, 2)]
    public void A_grammar_chooses_among_what_it_allows_as_often_as_the_probabilities_say(float temperature, int topK)
    {
        var logits = Logits(('x', 0.9), ('y', 0.05), ('a', 0.03), ('b', 0.01), ('c', 0.01));
        var grammar = Library.Compile("root ::= [abc]");
        var sampler = new TokenSampler(new() { Temperature = temperature, TopK = topK, MinP = 0, TopP = 1, Seed = 2 }, grammar.Begin(), Ends);
        var counts = Enumerable.Range(0, 10_000).Select(_ => sampler.Sample(logits, [], _scratch)).CountBy(t => (char)t).ToDictionary();
        Assert.Empty(counts.Keys.Except("abc"));
        Assert.InRange(counts['a'], temperature == 0 ? 10_000 : topK == 2 ? 7_200 : 5_700, temperature == 0 ? 10_000 : topK == 2 ? 7_800 : 6_300);
        Assert.Equal(temperature == 0 ? 1 : topK == 2 ? 2 : 3, counts.Count);
    }

    [Fact]
    public void Nothing_is_chosen_where_nothing_may_come()
    {
        var sampler = new TokenSampler(new() { IgnoreEnd = true }, Library.Compile("root ::= \"a\"").Begin(), Ends);
        var logits = new float[Vocabulary];
        Assert.Equal('a', sampler.Sample(logits, [], _scratch));
        sampler.Accept('a');
        Assert.True(sampler.IsEnd);
        Assert.Equal(TokenSampler.Nothing, sampler.Sample(logits, [], _scratch));
        var banned = Enumerable.Range(0, Vocabulary).Select(t => new TokenBias(t, float.NegativeInfinity)).ToArray();
        Assert.All((float[])[0, 1], t => Assert.Equal(TokenSampler.Nothing, Sampler(new() { Temperature = t, LogitBias = banned }).Sample(logits, [], _scratch)));
        Assert.Equal(TokenSampler.Nothing, Sampler(new() { TopK = 0, LogitBias = banned }).Sample(logits, [], _scratch));
    }

    [Fact]
    public void Xtc_happens_as_often_as_it_may()
    {
        var logits = Logits(('a', 0.6), ('b', 0.3), ('c', 0.1));
        var sampler = Sampler(new() { Temperature = 1, TopP = 1, MinP = 0, XtcProbability = 0.5f, XtcThreshold = 0.2f });
        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => sampler.Sample(logits, [], _scratch) == 'a'), 2_700, 3_300); // half of 0.6
    }

    private static TokenSampler Sampler(SamplingParameters parameters) => new(parameters, grammar: null, Ends);

    private static float[] Logits(params (char Token, double Probability)[] likely)
    {
        var logits = Enumerable.Repeat(-40f, Vocabulary).ToArray();
        foreach (var (token, probability) in likely)
        {
            logits[token] = (float)Math.Log(probability);
        }

        return logits;
    }
}
