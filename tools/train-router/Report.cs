using System.Globalization;
using System.Text;
using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>Collects the tables, for the terminal and for docs/results/routing.md.</summary>
internal sealed class Report(double threshold)
{
    private readonly StringBuilder _text = new();

    public double Threshold { get; } = threshold;

    public void Line(string line = "")
    {
        _text.Append(line).Append('\n');
        Console.WriteLine(line);
    }

    public void Heading(string title, string explanation)
    {
        Line();
        Line("## " + title);
        Line();
        Line(explanation);
        Line();
    }

    /// <summary>A row a group; a group of one label only has no F1.</summary>
    public void Table(string first, IEnumerable<(string Name, IReadOnlyCollection<(bool Positive, double Score)> Scored)> groups, double? threshold = null)
    {
        Line($"| {first} | requests | hard | precision | recall | F1 | AUROC | everyday sent | share sent |");
        Line("|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, scored) in groups)
        {
            if (scored.Count == 0)
            {
                continue;
            }

            var m = Metrics.Of(scored, threshold ?? Threshold);
            Line(
                $"| {name} | {m.Count.ToString("N0", CultureInfo.InvariantCulture)} | {m.Positives.ToString("N0", CultureInfo.InvariantCulture)} | "
                + $"{(m.Positives == 0 ? "" : Number(m.Precision))} | {Number(m.Recall)} | {(m.Positives == 0 ? "" : Number(m.F1))} | {Number(m.Auroc, 4)} | {Percent(m.FalsePositiveRate)} | {Percent(m.ShareSent)} |");
        }
    }

    public void Calibration(IReadOnlyList<CalibrationPoint> points)
    {
        Line("| threshold | everyday sent | hard sent (recall) | share sent, 10 % hard | precision, 10 % hard | F1, 10 % hard | F1, half hard |");
        Line("|---|---|---|---|---|---|---|");
        foreach (var point in points.Where((_, i) => (i + 1) % 5 == 0 || i >= 99))
        {
            Line(
                $"| {point.Threshold.ToString("0.00###", CultureInfo.InvariantCulture)} | {Percent(point.EverydaySent)} | {Percent(point.HardSent)} | {Percent(point.ShareOf(0.1))} | "
                + $"{Number(Precision(point, 0.1))} | {Number(F1(point, 0.1))} | {Number(F1(point, 0.5))} |");
        }
    }

    public void Reliability(params Reliability[] rows)
    {
        Line("| probability | " + string.Join(" | ", rows.Select(r => r.Name + ": requests | mean | hard")) + " |");
        Line("|---" + string.Concat(Enumerable.Repeat("|---|---|---", rows.Length)) + "|");
        for (var bin = 0; bin < TrainRouter.Reliability.Edges.Count - 1; bin++)
        {
            Line(
                $"| {TrainRouter.Reliability.Edges[bin].ToString("0.##", CultureInfo.InvariantCulture)} to {TrainRouter.Reliability.Edges[bin + 1].ToString("0.##", CultureInfo.InvariantCulture)} | "
                + string.Join(" | ", rows.Select(r => r.Bins[bin] is { Count: > 0 } b ? $"{b.Count.ToString("N0", CultureInfo.InvariantCulture)} | {Number(b.Mean)} | {Number(b.Hard)}" : " | | ")) + " |");
        }

        Line("| expected error | " + string.Join(" | ", rows.Select(r => $" | | {Number(r.Error)}")) + " |");
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, _text.ToString());
    }

    public static string Percent(double value) => double.IsNaN(value) ? "" : (100 * value).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private static double Precision(CalibrationPoint point, double hard) => point.ShareOf(hard) == 0 ? 1 : hard * point.HardSent / point.ShareOf(hard);

    private static double F1(CalibrationPoint point, double hard) => 2 * Precision(point, hard) * point.HardSent / (Precision(point, hard) + point.HardSent);

    private static string Number(double value, int digits = 3) => double.IsNaN(value) ? "" : value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
