using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Tests.Statistics;

public sealed class SamplesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 4.6)]
    [InlineData(1, 5)]
    public void Percentile_lies_between_the_two_nearest_samples(double share, double expected) =>
        Assert.Equal(expected, new Samples([5, 1, 4, 2, 3]).Percentile(share)!.Value, 1e-9);

    [Fact]
    public void Of_nothing_there_is_nothing()
    {
        var none = new Samples([]);

        Assert.Null(none.Median);
        Assert.Null(none.Max);
        Assert.Null(none.Percentile(0.99));
    }

    [Theory]
    [InlineData(2, 0.5, false)]
    [InlineData(3, 0.5, true)]
    [InlineData(99, 0.95, false)]
    [InlineData(100, 0.95, true)]
    [InlineData(499, 0.99, false)]
    [InlineData(500, 0.99, true)]
    public void A_percentile_needs_five_samples_beyond_it(int count, double share, bool enough) =>
        Assert.Equal(enough, new Samples(Enumerable.Range(0, count).Select(value => (double)value)).Enough(share));
}
