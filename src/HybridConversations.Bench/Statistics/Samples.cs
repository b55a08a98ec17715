namespace HybridConversations.Bench.Statistics;

/// <summary>Measured values of one quantity, and their order statistics.</summary>
internal sealed class Samples
{
    /// <summary>A percentile needs this many samples beyond it before it says more than the maximum does.</summary>
    private const int SamplesBeyond = 5;

    /// <summary>A median needs this many samples.</summary>
    private const int SamplesForMedian = 3;

    private readonly double[] _sorted;

    public Samples(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    /// <summary>Null when there is none.</summary>
    public double? Median => Percentile(0.5);

    /// <summary>Null when there is none.</summary>
    public double? Max => _sorted.Length == 0 ? null : _sorted[^1];

    /// <summary>Sum of all.</summary>
    public double Sum => _sorted.Sum();

    /// <summary>The value below which <paramref name="share"/> (0 to 1) of the samples lie, interpolated between the two nearest (type 7 of Hyndman and Fan, as in R and NumPy).</summary>
    public double? Percentile(double share)
    {
        if (_sorted.Length == 0)
        {
            return null;
        }

        var position = share * (_sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + ((position - below) * (_sorted[above] - _sorted[below]));
    }

    /// <summary>Are there samples enough for the percentile to mean something?</summary>
    public bool Enough(double share) =>
        share <= 0.5 ? Count >= SamplesForMedian : Count * (1 - share) >= SamplesBeyond - 1e-9;
}
