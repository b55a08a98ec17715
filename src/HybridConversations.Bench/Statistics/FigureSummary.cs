namespace HybridConversations.Bench.Statistics;

/// <summary>One figure over all runs of both servers.</summary>
/// <param name="Name">As in <see cref="Figure"/>.</param>
/// <param name="Unit">As in <see cref="Figure"/>.</param>
/// <param name="Better">Which way it improves.</param>
/// <param name="A">Median over the runs of A.</param>
/// <param name="B">Median over the runs of B.</param>
/// <param name="Ratio">A divided by B, of these medians; null where one of them is missing or B is zero.</param>
/// <param name="RatioMin">Smallest ratio of a run of A and the run of B beside it.</param>
/// <param name="RatioMax">Largest of them.</param>
/// <param name="SamplesA">Measurements behind A, in all runs together.</param>
/// <param name="SamplesB">Measurements behind B.</param>
/// <param name="Enough">False when a run had too few samples for a percentile of this height.</param>
public sealed record FigureSummary(
    string Name, string Unit, Better Better, double? A, double? B, double? Ratio, double? RatioMin, double? RatioMax, int SamplesA, int SamplesB, bool Enough)
{
    /// <summary>Summarises the runs; the n-th of A and of B were made one after the other. An empty entry is a run that failed.</summary>
    internal static IReadOnlyList<FigureSummary> Of(IReadOnlyList<IReadOnlyList<Figure>> runsOfA, IReadOnlyList<IReadOnlyList<Figure>> runsOfB)
    {
        var names = runsOfA.Concat(runsOfB).SelectMany(run => run).DistinctBy(figure => figure.Name);
        return [.. names.Select(figure => Of(figure, runsOfA, runsOfB))];
    }

    private static FigureSummary Of(Figure figure, IReadOnlyList<IReadOnlyList<Figure>> runsOfA, IReadOnlyList<IReadOnlyList<Figure>> runsOfB)
    {
        var a = runsOfA.Select(run => run.FirstOrDefault(other => other.Name == figure.Name)).ToArray();
        var b = runsOfB.Select(run => run.FirstOrDefault(other => other.Name == figure.Name)).ToArray();
        var ratios = a.Zip(b, (one, other) => Divide(one?.Value, other?.Value)).OfType<double>().ToArray();
        var medianA = Median(a);
        var medianB = Median(b);
        return new FigureSummary(
            figure.Name, figure.Unit, figure.Better, medianA, medianB, Divide(medianA, medianB),
            ratios.Length == 0 ? null : ratios.Min(), ratios.Length == 0 ? null : ratios.Max(),
            a.Sum(one => one?.Samples ?? 0), b.Sum(one => one?.Samples ?? 0),
            a.Concat(b).OfType<Figure>().All(one => one.Enough));
    }

    private static double? Median(Figure?[] runs) => new Samples(runs.Select(run => run?.Value).OfType<double>()).Median;

    private static double? Divide(double? a, double? b) => a is { } one && b is { } other && other != 0 ? one / other : null;
}
