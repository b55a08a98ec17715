using System.Diagnostics.Metrics;

namespace HybridConversations.Inference.Diagnostics;

/// <summary>What each step of an engine did, as metrics. Recorded on the engine's thread: nothing is allocated.</summary>
public static class EngineMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "HybridConversations.Inference";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "hc.engine.step.duration", "s", "Time of a step of the engine.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] });

    private static readonly Histogram<int> Rows = Meter.CreateHistogram(
        "hc.engine.batch.rows", "{row}", "Rows (tokens) of a step's batch, those of prompts and of replies together.", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });

    /// <summary>A step has been computed.</summary>
    /// <param name="rows">Tokens in its batch.</param>
    /// <param name="milliseconds">Its time.</param>
    internal static void Step(int rows, double milliseconds)
    {
        Rows.Record(rows);
        Duration.Record(milliseconds / 1000);
    }
}
