namespace TrainRouter;

/// <summary>Do probabilities hold: by bins of the probability, the mean of it and the share that is hard, in traffic of which a tenth is hard.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Bins">Between two <see cref="Edges"/> each.</param>
/// <param name="Error">Expected calibration error: the mean distance of the two, weighed by traffic.</param>
internal sealed record Reliability(string Name, IReadOnlyList<ReliabilityBin> Bins, double Error)
{
    public static IReadOnlyList<double> Edges { get; } = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 1];

    /// <param name="name">Whose.</param>
    /// <param name="scored">Requests with their probabilities.</param>
    public static Reliability Of(string name, IEnumerable<Scored> scored)
    {
        var all = scored.ToArray();
        var hard = Math.Max(1, all.Count(s => s.Example.Positive));
        var everyday = Math.Max(1, all.Length - hard);
        double Weight(Scored s) => s.Example.Positive ? Calibrator.HardShare / hard : (1 - Calibrator.HardShare) / everyday;
        var bins = new List<ReliabilityBin>();
        var error = 0d;
        for (var bin = 0; bin < Edges.Count - 1; bin++)
        {
            var inside = all.Where(s => s.Margin is var p && p >= Edges[bin] && (p < Edges[bin + 1] || bin == Edges.Count - 2)).ToArray();
            var weight = inside.Sum(Weight);
            var (mean, share) = weight == 0 ? (0, 0) : (inside.Sum(s => Weight(s) * s.Margin) / weight, inside.Where(s => s.Example.Positive).Sum(Weight) / weight);
            bins.Add(new ReliabilityBin(inside.Length, mean, share));
            error += weight * Math.Abs(mean - share);
        }

        return new Reliability(name, bins, error);
    }
}

/// <param name="Count">Requests.</param>
/// <param name="Mean">Of their probabilities.</param>
/// <param name="Hard">Share of them that is hard.</param>
internal sealed record ReliabilityBin(int Count, double Mean, double Hard);
