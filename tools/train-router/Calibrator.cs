using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>One request as a model sees it that was not trained on it.</summary>
/// <param name="Example">The request.</param>
/// <param name="Margin">Log-odds before calibration; a probability after.</param>
/// <param name="Known">The share of its words that the model knows.</param>
/// <param name="Unreadable">Its words were made unreadable.</param>
internal sealed record Scored(Example Example, double Margin, double Known, bool Unreadable = false);

/// <summary>
/// Platt scaling (Platt 1999) on held-out margins by Newton's method, slope and offset in dependence on the share of unknown words: probabilities as they hold in
/// traffic of which a tenth is hard. Within the hard and within the everyday requests each corpus weighs the same.
/// </summary>
internal static class Calibrator
{
    public const double HardShare = 0.1;

    /// <summary>What cannot be read is rare; it weighs so much of what can.</summary>
    private const double UnreadableWeight = 0.2;

    /// <summary>One over the variance of the offsets of languages, as it is expected.</summary>
    private const double PriorOfOffsets = 1;

    /// <summary>Parameters of the fit: slope, offset, and what doubt adds to each.</summary>
    private const int Parameters = 4;

    /// <param name="scored">Requests with their margins.</param>
    /// <param name="doubt">Let unknown words change slope and offset.</param>
    /// <param name="positiveShare">Of the traffic.</param>
    public static Calibration Fit(IReadOnlyCollection<Scored> scored, bool doubt, double positiveShare = HardShare)
    {
        var weights = Weigh(scored, positiveShare);
        double[] fit = [1, 0, 0, 0];
        for (var iteration = 0; iteration < 100; iteration++)
        {
            var gradient = new double[Parameters];
            var curvature = new double[Parameters, Parameters];
            foreach (var (item, weight) in weights)
            {
                var unknown = doubt ? 1 - item.Known : 0;
                ReadOnlySpan<double> inputs = [item.Margin, 1, item.Margin * unknown, unknown];
                var logOdds = 0d;
                for (var i = 0; i < Parameters; i++)
                {
                    logOdds += fit[i] * inputs[i];
                }

                var p = 1 / (1 + Math.Exp(-logOdds));
                for (var i = 0; i < Parameters; i++)
                {
                    gradient[i] += weight * (p - (item.Example.Positive ? 1 : 0)) * inputs[i];
                    for (var j = 0; j < Parameters; j++)
                    {
                        curvature[i, j] += weight * p * (1 - p) * inputs[i] * inputs[j];
                    }
                }
            }

            var step = Solve(curvature, gradient);
            for (var i = 0; i < Parameters; i++)
            {
                fit[i] -= step[i];
            }

            if (step.Sum(Math.Abs) < 1e-9)
            {
                break;
            }
        }

        return new Calibration((float)fit[0], (float)fit[1], (float)fit[2], (float)fit[3]);
    }

    /// <summary>What the calibrated log-odds of each language are off by, in traffic of which a tenth is hard; drawn towards none, since each has few requests.</summary>
    /// <param name="scored">Requests with their probabilities.</param>
    public static LanguageOffsets FitOffsets(IEnumerable<Scored> scored) =>
        new(scored.GroupBy(s => s.Example.Language, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (float)OffsetOf([.. g]), StringComparer.Ordinal));

    private static double OffsetOf(Scored[] scored)
    {
        var hard = (double)scored.Count(s => s.Example.Positive);
        var (offset, step) = (0d, 1d);
        for (var iteration = 0; iteration < 100 && Math.Abs(step) > 1e-9; iteration++)
        {
            var (gradient, curvature) = (PriorOfOffsets * offset, PriorOfOffsets);
            foreach (var item in scored)
            {
                var weight = scored.Length * (item.Example.Positive ? HardShare / hard : (1 - HardShare) / (scored.Length - hard));
                var probability = Math.Clamp(item.Margin, 1e-12, 1 - 1e-12);
                var p = 1 / (1 + Math.Exp(-(Math.Log(probability / (1 - probability)) + offset)));
                gradient += weight * (p - (item.Example.Positive ? 1 : 0));
                curvature += weight * p * (1 - p);
            }

            step = gradient / curvature;
            offset -= step;
        }

        return offset;
    }

    /// <summary>Gauss's elimination; a little is added to the diagonal, for sets without doubt.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var solution = (double[])right.Clone();
        for (var i = 0; i < Parameters; i++)
        {
            matrix[i, i] += 1e-7;
            for (var row = i + 1; row < Parameters; row++)
            {
                var factor = matrix[row, i] / matrix[i, i];
                for (var column = i; column < Parameters; column++)
                {
                    matrix[row, column] -= factor * matrix[i, column];
                }

                solution[row] -= factor * solution[i];
            }
        }

        for (var i = Parameters - 1; i >= 0; i--)
        {
            for (var column = i + 1; column < Parameters; column++)
            {
                solution[i] -= matrix[i, column] * solution[column];
            }

            solution[i] /= matrix[i, i];
        }

        return solution;
    }

    /// <summary>Each hundredth, and beyond the last of them more finely: that far an operator goes who wants to send very little.</summary>
    private static readonly double[] Thresholds = [.. Enumerable.Range(1, 99).Select(hundredth => hundredth / 100.0), 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99999];

    /// <summary>The share of everyday and of hard requests from each of a row of thresholds on; of requests with their probabilities.</summary>
    public static IReadOnlyList<CalibrationPoint> Table(IReadOnlyCollection<Scored> scored)
    {
        var weights = Weigh(scored, 0.5).Select(w => (w.Item.Example.Positive, Score: w.Item.Margin, w.Weight)).ToArray();
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
        var groups = scored.GroupBy(s => (s.Example.Positive, s.Example.Own, s.Example.Foreign, s.Unreadable)).ToArray();
        var corpora = groups.GroupBy(g => g.Key.Positive).ToDictionary(g => g.Key, g => g.Count());
        return
        [
            .. groups.SelectMany(g =>
            {
                var share = (g.Key.Positive ? positiveShare : 1 - positiveShare) / corpora[g.Key.Positive] * (g.Key.Unreadable ? UnreadableWeight : 1);
                var count = g.Count();
                return g.Select(s => (s, share / count));
            }),
        ];
    }
}
