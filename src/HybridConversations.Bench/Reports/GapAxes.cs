namespace HybridConversations.Bench.Reports;

/// <summary>Scales that all panels of the plot share: seconds along, milliseconds up in powers of ten.</summary>
internal sealed class GapAxes
{
    /// <summary>No clock of a network client tells less.</summary>
    private const double SmallestGapMs = 0.1;

    private static readonly double[] NiceSteps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800];
    private const int MostTimeTicks = 12;

    private readonly double _width;
    private readonly double _height;

    public GapAxes(IReadOnlyList<GapSeries> series, double width, double height)
    {
        _width = width;
        _height = height;
        var points = series.SelectMany(one => one.Points).ToArray();
        Seconds = Math.Max(1, Math.Ceiling(points.Max(point => point.Seconds)));
        var gaps = points.Select(point => Math.Max(SmallestGapMs, point.GapMs)).ToArray();
        LowDecade = (int)Math.Floor(Math.Log10(gaps.Min()));
        HighDecade = Math.Max(LowDecade + 1, (int)Math.Ceiling(Math.Log10(gaps.Max())));
    }

    /// <summary>Length of the time axis.</summary>
    public double Seconds { get; }

    /// <summary>The axis begins at ten to this power.</summary>
    public int LowDecade { get; }

    /// <summary>And ends at ten to this.</summary>
    public int HighDecade { get; }

    public IEnumerable<double> TimeTicks
    {
        get
        {
            var step = NiceSteps.FirstOrDefault(step => Seconds / step <= MostTimeTicks, NiceSteps[^1]);
            for (var tick = 0.0; tick <= Seconds; tick += step)
            {
                yield return tick;
            }
        }
    }

    public IEnumerable<double> GapTicks => Enumerable.Range(LowDecade, HighDecade - LowDecade + 1).Select(decade => Math.Pow(10, decade));

    /// <summary>From the left edge of a panel.</summary>
    public double X(double seconds) => seconds / Seconds * _width;

    /// <summary>From the top edge of a panel; gaps below the scale lie on its bottom.</summary>
    public double Y(double gapMs)
    {
        var decades = Math.Log10(Math.Max(gapMs, Math.Pow(10, LowDecade))) - LowDecade;
        return _height - (decades / (HighDecade - LowDecade) * _height);
    }
}
