using System.Globalization;
using System.Reflection;

namespace HybridConversations.Routing;

/// <summary>
/// What a threshold means: how much of everyday and of hard traffic it sends to the cloud, as measured by tools/train-router on requests that the
/// classifier was not trained on.
/// </summary>
public sealed class RouterCalibration
{
    private static readonly Lazy<RouterCalibration> Loaded = new(Load);

    private RouterCalibration(IReadOnlyList<CalibrationPoint> points) => Points = points;

    /// <summary>The table that comes with the weights.</summary>
    public static RouterCalibration Default => Loaded.Value;

    /// <summary>By rising threshold.</summary>
    public IReadOnlyList<CalibrationPoint> Points { get; }

    /// <summary>The share of all traffic that goes to the cloud at a threshold.</summary>
    /// <param name="threshold">As in <see cref="RouterOptions.Threshold"/>.</param>
    /// <param name="hardShare">How much of the traffic is hard, 0 to 1.</param>
    public double ShareAt(double threshold, double hardShare)
    {
        var point = Points[^1];
        foreach (var candidate in Points)
        {
            if (candidate.Threshold >= threshold - 1e-9)
            {
                point = candidate;
                break;
            }
        }

        return point.ShareOf(hardShare);
    }

    /// <summary>The lowest threshold of the table that sends at most <paramref name="share"/> of the traffic; the highest there is when none does.</summary>
    public double ThresholdFor(double share, double hardShare)
    {
        foreach (var point in Points)
        {
            if (point.ShareOf(hardShare) <= share)
            {
                return point.Threshold;
            }
        }

        return Points[^1].Threshold;
    }

    private static RouterCalibration Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("HybridConversations.Routing.calibration.csv")
            ?? throw new InvalidOperationException("The resource calibration.csv is missing from the assembly. Train it with tools/train-router.");
        using var reader = new StreamReader(stream);
        var points = new List<CalibrationPoint>();
        reader.ReadLine();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            points.Add(new CalibrationPoint(Number(cells[0]), Number(cells[1]), Number(cells[2])));
        }

        return new RouterCalibration(points);
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}

/// <param name="Threshold">A score.</param>
/// <param name="EverydaySent">Share of everyday requests with at least that score.</param>
/// <param name="HardSent">Share of hard requests with at least that score (the recall).</param>
public sealed record CalibrationPoint(double Threshold, double EverydaySent, double HardSent)
{
    /// <summary>Share of mixed traffic of which <paramref name="hardShare"/> is hard.</summary>
    public double ShareOf(double hardShare) => (hardShare * HardSent) + ((1 - hardShare) * EverydaySent);
}
