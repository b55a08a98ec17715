using HybridConversations.Inference.Sampling;

namespace HybridConversations.Inference.Tests.Sampling;

public sealed class CandidateFiltersTests
{
    [Fact]
    public void Top_p_keeps_the_likeliest_up_to_the_mass() => Assert.Equal([0, 1], Filtered([0.5f, 0.3f, 0.15f, 0.05f], c => CandidateFilters.TopP(c, 0.75f)));

    [Fact]
    public void Min_p_keeps_what_is_likely_beside_the_likeliest() => Assert.Equal([0, 1], Filtered([0.5f, 0.3f, 0.15f, 0.05f], c => CandidateFilters.MinP(c, 0.5f)));

    /// <summary>llama.cpp's own examples: of 0.97, 0.01, 0.01, 0.01 the likeliest is the typical one; of 0.4, 0.2, 0.2, 0.2 the others are.</summary>
    [Theory]
    [InlineData(new[] { 0.97f, 0.01f, 0.01f, 0.01f }, new[] { 0 })]
    [InlineData(new[] { 0.4f, 0.2f, 0.2f, 0.2f }, new[] { 1, 2, 3 })]
    public void Typical_keeps_what_surprises_as_expected(float[] probabilities, int[] kept) =>
        Assert.Equal(kept, Filtered(probabilities, c => CandidateFilters.Typical(c, 0.5f, new float[4], new int[4])));

    /// <summary>llama.cpp's own examples for XTC.</summary>
    [Theory]
    [InlineData(0.09f, new[] { 3 })]
    [InlineData(0.19f, new[] { 2, 3 })]
    [InlineData(0.29f, new[] { 1, 2, 3 })]
    [InlineData(0.39f, new[] { 0, 1, 2, 3 })]
    [InlineData(0.51f, new[] { 0, 1, 2, 3 })]
    public void Xtc_leaves_out_the_top_but_the_last_of_them(float threshold, int[] kept) =>
        Assert.Equal(kept, Filtered([0.4f, 0.3f, 0.2f, 0.1f], c => CandidateFilters.ExcludeTop(c, threshold)));

    [Fact]
    public void One_is_always_left()
    {
        Assert.Equal([0], Filtered([1f], c => CandidateFilters.TopP(c, 0.0001f)));
        Assert.Equal([0], Filtered([1f], c => CandidateFilters.Typical(c, 0.0001f, new float[1], new int[1])));
        Assert.Equal([0], Filtered([1f], c => CandidateFilters.ExcludeTop(c, 0)));
        Assert.Single(Filtered([0.5f, 0.5f], c => CandidateFilters.ExcludeTop(c, 0)));
    }

    private static int[] Filtered(float[] probabilities, Action<Candidates> filter)
    {
        var candidates = new Candidates(probabilities.Length);
        candidates.SelectTop(probabilities.Select(p => MathF.Log(p)).ToArray(), probabilities.Length);
        candidates.Weigh();
        filter(candidates);
        return [.. candidates.Tokens.ToArray().Order()];
    }
}
