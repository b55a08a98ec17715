namespace HybridConversations.Bench.Statistics;

/// <summary>The figures of a run, in the order in which they are shown.</summary>
internal sealed class FigureList
{
    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Figure> Figures => _figures;

    public FigureList Add(string name, string unit, Better better, double? value, int samples, bool enough = true)
    {
        _figures.Add(new Figure(name, unit, better, value is { } number && double.IsFinite(number) ? number : null, samples, enough));
        return this;
    }

    /// <summary>Adds "<paramref name="name"/> p50" and so on for each share.</summary>
    public FigureList AddPercentiles(string name, string unit, Better better, Samples samples, params ReadOnlySpan<double> shares)
    {
        foreach (var share in shares)
        {
            Add($"{name} p{share * 100:0.#}", unit, better, samples.Percentile(share), samples.Count, samples.Enough(share));
        }

        return this;
    }

    public FigureList AddMax(string name, string unit, Samples samples) => Add($"{name} max", unit, Better.Lower, samples.Max, samples.Count);
}
