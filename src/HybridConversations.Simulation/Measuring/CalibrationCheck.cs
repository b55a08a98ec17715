using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Measuring;

/// <summary>Compares what a calibration predicts of this machine with what the engine then does.</summary>
public static class CalibrationCheck
{
    private const int PromptTokens = 32;
    private const int ReplyTokens = 96;

    /// <summary>Numbers of streams that are compared.</summary>
    public static IReadOnlyList<int> Streams { get; } = [1, 2, 4, 8, 12, 16];

    /// <summary>Calibrates and runs the engine at each number of streams, in turns; medians of <paramref name="rounds"/> of both.</summary>
    /// <param name="engine">As <see cref="MachineCalibration.Measure"/> wants it.</param>
    /// <param name="rounds">At least 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(MachineProfile Profile, IReadOnlyList<StreamsCheck> Checks)> Run(InferenceEngine engine, int rounds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var measured = new List<EngineThroughput>();
        var profile = await MachineCalibration.Measure(engine, rounds, Round, cancellationToken);
        return (profile, [.. Streams.Select(streams => new StreamsCheck(
            streams, profile.TokensPerSecond(streams, PromptTokens + (ReplyTokens / 2.0)),
            MachineCalibration.Median(measured.Where(run => run.Streams == streams).Select(run => run.TokensPerSecond))))]);

        async Task Round()
        {
            foreach (var streams in Streams)
            {
                measured.Add(await EngineThroughput.Measure(engine, streams, PromptTokens, ReplyTokens, cancellationToken));
            }
        }
    }
}

/// <param name="Streams">Replies at once.</param>
/// <param name="Predicted">Tokens a second of all together, from the calibration.</param>
/// <param name="Measured">Tokens a second of the engine.</param>
public sealed record StreamsCheck(int Streams, double Predicted, double Measured)
{
    /// <summary>Relative error of the prediction.</summary>
    public double Error => (Predicted / Measured) - 1;
}
