using System.Diagnostics.Metrics;

namespace HybridConversations.Observability;

/// <summary>What this house measures, for whoever exports it (docs/observability.md). Nothing is measured while nobody listens.</summary>
public static class Meters
{
    /// <summary>Name of the meter of turns, devices and cloud endpoints, and of the source of spans.</summary>
    public const string House = "HybridConversations";

    /// <summary>All meters, by name.</summary>
    public static IReadOnlyList<string> All { get; } = [House, Inference.Diagnostics.EngineMeter.Name];

    /// <summary>The meter of what is recorded as it happens; what is looked at has meters of its own, which end with what they look at.</summary>
    internal static Meter Recorded { get; } = new(House);

    /// <summary>A histogram of seconds.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it counts.</param>
    /// <param name="boundaries">Upper bounds of its buckets, s.</param>
    internal static Histogram<double> Seconds(string name, string description, double[] boundaries) =>
        Recorded.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
