using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Measuring;

/// <summary>Calibrates the planner on the machine it runs on: short replies of the real engine at few numbers of streams, some seconds.</summary>
public static class MachineCalibration
{
    private const int ShortPrompt = 16;
    private const int LongPrompt = 256;
    private const int ReplyTokens = 32;

    /// <summary>Streams that are timed; what lies between is interpolated.</summary>
    private static readonly int[] Streams = [1, 4, 16];

    /// <summary>Measures; each figure is the best of <paramref name="rounds"/>, as what disturbs a machine only makes it slower.</summary>
    /// <param name="engine">With at least 16 sequences and 4,608 cells; nobody else should use it meanwhile.</param>
    /// <param name="rounds">At least 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackendException">It has too little room.</exception>
    public static async Task<MachineProfile> Measure(InferenceEngine engine, int rounds, CancellationToken cancellationToken = default)
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
        var steps = new List<MeasuredStep>();
        var reading = double.MaxValue;
        foreach (var streams in Streams)
        {
            var (shortMs, longMs) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < rounds; round++)
            {
                shortMs = Math.Min(shortMs, (await EngineThroughput.Measure(engine, streams, ShortPrompt, ReplyTokens, cancellationToken)).StepMs);
                var longer = await EngineThroughput.Measure(engine, streams, LongPrompt, ReplyTokens, cancellationToken);
                longMs = Math.Min(longMs, longer.StepMs);
                reading = streams == 1 ? Math.Min(reading, longer.ReadMsPerToken) : reading;
            }

            steps.Add(new MeasuredStep(streams, shortMs, Math.Max(shortMs, longMs)));
        }

        return new MachineProfile($"{info.Description}, {info.Backend}", steps, ShortPrompt + (ReplyTokens / 2), LongPrompt + (ReplyTokens / 2), reading);
    }
}
