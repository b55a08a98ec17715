using HybridConversations.Simulation.Fitting;

namespace HybridConversations.Simulation.Tests.Fitting;

public sealed class LogFitTests
{
    [Fact]
    public void ParametersThatFiguresSpeakOfAreFound()
    {
        var fit = Fit([.. Enumerable.Range(1, 20).Select(x => ((double)x, 3 * Math.Pow(x, 0.5)))]);

        Assert.Equal(3, fit.Values["factor"], 0.05);
        Assert.Equal(0.5, fit.Values["power"], 0.02);
        Assert.Equal(3 * Math.Pow(50, 0.5), fit.Predict(50).Value, 0.5);
    }

    [Fact]
    public void AnOutlierCountsLittle()
    {
        List<(double, double)> samples = [.. Enumerable.Range(1, 20).Select(x => ((double)x, 3 * Math.Pow(x, 0.5)))];
        samples[10] = (11, 300);

        Assert.Equal(3, Fit(samples).Values["factor"], 0.2);
    }

    [Fact]
    public void WithoutFiguresTheBeliefStandsAndTheSpreadIsItsOwn()
    {
        var fit = Fit([]);

        var (value, deviation) = fit.Predict(1);

        Assert.Equal(2, value, 6);
        Assert.Equal(Math.Sqrt((0.1 * 0.1) + (0.5 * 0.5)), deviation, 3);
    }

    [Fact]
    public void EachFigureNarrowsTheSpread()
    {
        var one = Fit([(2, 4)]).Predict(2).Deviation;
        var many = Fit([.. Enumerable.Repeat((2.0, 4.0), 20)]).Predict(2).Deviation;

        Assert.True(many < one);
        Assert.InRange(many, 0.1, 0.11);
    }

    /// <summary>factor · x^power, both positive.</summary>
    private static LogFit<double> Fit(IReadOnlyCollection<(double, double)> samples) => new(
        samples, _ => [FitParameter.About("factor", 2, 0.5), FitParameter.About("power", 1, 0.5)], (x, value) => value("factor") * Math.Pow(x, value("power")), _ => 0.1);
}
