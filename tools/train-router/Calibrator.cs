using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>One request that the model scoring it was not trained on.</summary>
internal sealed record Scored(Example Example, double Margin);

/// <summary>
/// Platt scaling (Platt 1999) on held-out margins by Newton's method: probabilities as they hold in traffic of which a tenth is hard. Within the hard and
/// within the everyday requests each corpus weighs the same.
/// </summary>
internal static class Calibrator
{
    public const double HardShare = 0.1;

    public static (double Slope, double Offset) Fit(IReadOnlyCollection<Scored> scored, double positiveShare = HardShare)
    {
        var weights = Weigh(scored, positiveShare);
        double slope = 1, offset = 0;
        for (var iteration = 0; iteration < 100; iteration++)
        {
            double g1 = 0, g0 = 0, h11 = 1e-9, h10 = 0, h00 = 1e-9;
            foreach (var (item, weight) in weights)
            {
                var p = 1 / (1 + Math.Exp(-((slope * item.Margin) + offset)));
                var error = weight * (p - (item.Example.Positive ? 1 : 0));
                var curvature = weight * p * (1 - p);
                g1 += error * item.Margin;
                g0 += error;
                h11 += curvature * item.Margin * item.Margin;
                h10 += curvature * item.Margin;
                h00 += curvature;
            }

            var determinant = (h11 * h00) - (h10 * h10);
            var (stepSlope, stepOffset) = (((h00 * g1) - (h10 * g0)) / determinant, ((h11 * g0) - (h10 * g1)) / determinant);
            slope -= stepSlope;
            offset -= stepOffset;
            if (Math.Abs(stepSlope) + Math.Abs(stepOffset) < 1e-9)
            {
                break;
            }
        }

        return (slope, offset);
    }

    /// <summary>Each hundredth, and beyond the last of them more finely: that far an operator goes who wants to send very little.</summary>
    private static readonly double[] Thresholds = [.. Enumerable.Range(1, 99).Select(hundredth => hundredth / 100.0), 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99999];

    /// <summary>The share of everyday and of hard requests from each of a row of thresholds on.</summary>
    public static IReadOnlyList<CalibrationPoint> Table(IReadOnlyCollection<Scored> scored, Func<double, double> probability)
    {
        var weights = Weigh(scored, 0.5).Select(w => (w.Item.Example.Positive, Score: probability(w.Item.Margin), w.Weight)).ToArray();
        return
        [
            .. Thresholds.Select(threshold => new CalibrationPoint(
                threshold,
                2 * weights.Where(w => !w.Positive && w.Score >= threshold).Sum(w => w.Weight),
                2 * weights.Where(w => w.Positive && w.Score >= threshold).Sum(w => w.Weight))),
        ];
    }

    private static List<(Scored Item, double Weight)> Weigh(IReadOnlyCollection<Scored> scored, double positiveShare)
    {
        var groups = scored.GroupBy(s => (s.Example.Positive, s.Example.Own)).ToArray();
        var corpora = groups.GroupBy(g => g.Key.Positive).ToDictionary(g => g.Key, g => g.Count());
        return
        [
            .. groups.SelectMany(g =>
            {
                var share = (g.Key.Positive ? positiveShare : 1 - positiveShare) / corpora[g.Key.Positive];
                var count = g.Count();
                return g.Select(s => (s, share / count));
            }),
        ];
    }
}
