using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Tests.Statistics;

public sealed class FigureSummaryTests
{
    [Fact]
    public void Medians_and_their_ratio_and_the_ratios_of_neighbours()
    {
        var summary = Assert.Single(FigureSummary.Of(Runs(10, 30, 20), Runs(5, 10, 40)));

        Assert.Equal(20, summary.A);
        Assert.Equal(10, summary.B);
        Assert.Equal(2, summary.Ratio);
        Assert.Equal(0.5, summary.RatioMin);
        Assert.Equal(3, summary.RatioMax);
        Assert.Equal(6, summary.SamplesA);
        Assert.True(summary.Enough);
    }

    [Fact]
    public void A_failed_run_is_passed_over_and_its_neighbour_has_no_ratio()
    {
        var summary = Assert.Single(FigureSummary.Of(Runs(10, null, 20), Runs(5, 1, 5)));

        Assert.Equal(15, summary.A);
        Assert.Equal(5, summary.B);
        Assert.Equal(2, summary.RatioMin);
        Assert.Equal(4, summary.RatioMax);
    }

    [Fact]
    public void Nothing_is_divided_by_zero_or_by_nothing()
    {
        Assert.Null(Assert.Single(FigureSummary.Of(Runs(10), Runs(0))).Ratio);
        var alone = Assert.Single(FigureSummary.Of(Runs(10), []));
        Assert.Equal(10, alone.A);
        Assert.Null(alone.B);
        Assert.Null(alone.Ratio);
    }

    [Fact]
    public void Figures_keep_their_order_and_one_that_only_B_has_comes_last()
    {
        IReadOnlyList<Figure> a = [Figure("first", 1), Figure("second", 2)];
        IReadOnlyList<Figure> b = [Figure("second", 2), Figure("third", 3, enough: false)];

        var summary = FigureSummary.Of([a], [b]);

        Assert.Equal(["first", "second", "third"], summary.Select(one => one.Name));
        Assert.False(summary[2].Enough);
        Assert.Null(summary[2].A);
    }

    private static Figure Figure(string name, double? value, bool enough = true) => new(name, "ms", Better.Lower, value, 2, enough);

    private static IReadOnlyList<Figure>[] Runs(params double?[] values) =>
        [.. values.Select(value => (IReadOnlyList<Figure>)(value is null ? [] : [Figure("gap", value)]))];
}
