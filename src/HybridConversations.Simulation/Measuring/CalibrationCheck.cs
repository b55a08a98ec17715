using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Measuring;

/// <summary>Compares what a calibration predicts of this machine with what the engine then does.</summary>
public static class CalibrationCheck
{
    private const int PromptTokens = 32;
    private const int ReplyTokens = 96;

    /// <summary>Numbers of streams that are compared.</summary>
    public static IReadOnlyList<int> Streams { get; } = [1, 2, 4, 8, 12, 16];

    /// <summary>Runs the engine at each number of streams; best of <paramref name="rounds"/>, as what disturbs a machine only makes it slower.</summary>
    public static async Task<IReadOnlyList<StreamsCheck>> Run(MachineProfile profile, InferenceEngine engine, int rounds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var checks = new List<StreamsCheck>();
        foreach (var streams in Streams)
        {
            var measured = 0.0;
            for (var round = 0; round < rounds; round++)
            {
                measured = Math.Max(measured, (await EngineThroughput.Measure(engine, streams, PromptTokens, ReplyTokens, cancellationToken)).TokensPerSecond);
            }

            checks.Add(new StreamsCheck(streams, profile.TokensPerSecond(streams, PromptTokens + (ReplyTokens / 2.0)), measured));
        }

        return checks;
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
