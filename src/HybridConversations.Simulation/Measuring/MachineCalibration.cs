using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Measuring;

/// <summary>Calibrates the planner on the machine it runs on: short replies of the real engine at few numbers of streams, some seconds.</summary>
public static class MachineCalibration
{
    private const int ShortPrompt = 16;
    private const int LongPrompt = 256;
    private const int ReplyTokens = 32;

    /// <summary>Streams that are timed; what lies between is interpolated. Processors compute some numbers of rows with other kernels than their neighbours, so the small ones are all there.</summary>
    private static readonly int[] Streams = [1, 2, 4, 8, 16];

    /// <summary>Measures; each figure is the median of <paramref name="rounds"/>.</summary>
    /// <param name="engine">With at least 16 sequences and 4,608 cells; nobody else should use it meanwhile.</param>
    /// <param name="rounds">At least 1.</param>
    /// <param name="between">Done after each round, so that what is compared with it meets the same machine.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackendException">It has too little room.</exception>
    public static async Task<MachineProfile> Measure(InferenceEngine engine, int rounds, Func<Task>? between = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var info = engine.Backend.Info;
        var most = Streams[^1];
        var cells = most * (LongPrompt + ReplyTokens);
        if (info.MaxSequences < most || info.Cells < cells || engine.Options.Scheduler.MaxRunning < most)
        {
            throw new BackendException(
                $"Calibration needs {most} sequences and {cells} cells; there are {Math.Min(info.MaxSequences, engine.Options.Scheduler.MaxRunning)} and {info.Cells}. Load the model with a larger context.");
        }

        await EngineThroughput.Measure(engine, 1, ShortPrompt, ReplyTokens, cancellationToken); // kernels, threads and pages
        var measured = new List<CalibrationRound>();
        for (var round = 0; round < rounds; round++)
        {
            measured.Add(await MeasureRound(engine, cancellationToken));
            if (between is not null)
            {
                await between();
            }
        }

        return new MachineProfile(
            $"{info.Description}, {info.Backend}",
            [.. Streams.Select((streams, i) => Step(streams, Median(measured.Select(round => round.ShortMs[i])), Median(measured.Select(round => round.LongMs[i]))))],
            ShortPrompt + (ReplyTokens / 2), LongPrompt + (ReplyTokens / 2), Median(measured.Select(round => round.ReadMsPerToken)));
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static MeasuredStep Step(int streams, double shortMs, double longMs) => new(streams, shortMs, Math.Max(shortMs, longMs));

    private static async Task<CalibrationRound> MeasureRound(InferenceEngine engine, CancellationToken cancellationToken)
    {
        var (shorter, longer, reading) = (new List<double>(), new List<double>(), double.MaxValue);
        foreach (var streams in Streams)
        {
            shorter.Add((await EngineThroughput.Measure(engine, streams, ShortPrompt, ReplyTokens, cancellationToken)).StepMs);
            var more = await EngineThroughput.Measure(engine, streams, LongPrompt, ReplyTokens, cancellationToken);
            longer.Add(more.StepMs);
            reading = streams == 1 ? more.ReadMsPerToken : reading;
        }

        return new CalibrationRound(shorter, longer, reading);
    }

    /// <param name="ShortMs">By number of streams, with few tokens held.</param>
    /// <param name="LongMs">By number of streams, with many.</param>
    /// <param name="ReadMsPerToken">Of a prompt.</param>
    private sealed record CalibrationRound(List<double> ShortMs, List<double> LongMs, double ReadMsPerToken);
}
