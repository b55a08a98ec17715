using HybridConversations.Inference.Sampling;

namespace HybridConversations.Inference.Tests.Sampling;

public sealed class LogitChangesTests
{
    [Fact]
    public void Nothing_asked_changes_nothing() => Assert.False(new LogitChanges(new SamplingParameters(), []).Any);

    [Fact]
    public void Bias_and_a_forbidden_end() => Assert.Equal(
        [3, 1, float.NegativeInfinity, 1],
        Changed(new SamplingParameters { LogitBias = [new TokenBias(0, 2), new TokenBias(77, 5)], IgnoreEnd = true }, text: []));

    [Fact]
    public void Repeated_tokens_lose_whatever_their_sign()
    {
        var changes = new LogitChanges(new SamplingParameters { RepeatPenalty = 2, RepeatLastTokens = 3 }, []);
        float[] row = [4, -4, 4, 4];
        changes.Apply([2, 0, 1, 0], row);
        Assert.Equal([2, -8, 4, 4], row); // token 2 came too long ago, token 0 twice counts once
    }

    [Fact]
    public void Frequency_and_presence_count_the_reply()
    {
        var changes = new LogitChanges(new SamplingParameters { FrequencyPenalty = 0.5f, PresencePenalty = 1 }, []);
        changes.Count(3);
        changes.Count(3);
        float[] row = [1, 1, 1, 1];
        changes.Apply([0, 3, 3], row);
        Assert.Equal([1, 1, 1, -1], row);
    }

    /// <summary>Checked by hand: the text ends with 1 2 3, which came before and was followed by 4.</summary>
    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 0, 1, 2, 3 }, 4, 2f)] // three repeated, one more than allowed: 1 · 2^1
    [InlineData(new[] { 2, 3, 4, 0, 1, 2, 3 }, 4, 1f)]
    [InlineData(new[] { 3, 4, 0, 1, 2, 3 }, 4, 0f)]
    [InlineData(new[] { 5, 5, 5, 5 }, 5, 2f)]
    public void Dry_weighs_how_long_the_passage_is(int[] text, int token, float lost)
    {
        var row = new float[8];
        new DryPenalty(new DryParameters { Multiplier = 1, Base = 2, AllowedLength = 2 }).Apply(text, row);
        Assert.Equal(-lost, row[token]);
        Assert.Equal(-lost, row.Sum());
    }

    [Fact]
    public void A_dry_passage_ends_at_a_breaker()
    {
        var row = new float[8];
        var breakers = new TokenSet([false, false, true, false, false, false, false, false]);
        new DryPenalty(new DryParameters { Multiplier = 1, AllowedLength = 2, Breakers = breakers }).Apply([1, 2, 3, 4, 0, 1, 2, 3], row);
        Assert.Equal(0, row.Sum());
    }

    [Fact]
    public void Dry_stays_within_its_window_and_bound()
    {
        var row = new float[8];
        new DryPenalty(new DryParameters { LastTokens = 4 }).Apply([1, 2, 3, 4, 0, 1, 2, 3], row);
        Assert.Equal(0, row.Sum());
        new DryPenalty(new DryParameters()).Apply(new int[100_000], row);
        Assert.True(float.IsFinite(row[0]) && row[0] < -1000);
    }

    private static float[] Changed(SamplingParameters parameters, int[] text)
    {
        float[] row = [1, 1, 1, 1];
        new LogitChanges(parameters, [2]).Apply(text, row);
        return row;
    }
}
