using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Fitting;

namespace HybridConversations.Simulation.Planning;

/// <summary>
/// How fast a prompt is read: tensor operations by the share of them that an engine's kernels reach, and one read of the weights for each chunk. Attention between the
/// prompt's own tokens is left out: below some thousand tokens it is little. Few figures are published, so the intervals are wide.
/// </summary>
public sealed class ReadingModel
{
    private const int ChunkTokens = 512;
    private const double Noise = 0.2;
    private readonly LogFit<Setup> _fit;

    public ReadingModel(IReadOnlyCollection<ReadingFigure> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        _fit = new LogFit<Setup>([.. figures.Select(figure => (figure.Setup, 1000 / figure.TokensPerSecond))], Needs, (setup, factor) => TokenMs(setup, ChunkTokens, factor), _ => Noise);
    }

    /// <summary>Fitted on everything in the catalogue.</summary>
    public static ReadingModel Default { get; } = new(DeviceCatalogue.Default.Reading);

    /// <summary>Milliseconds until a prompt is read.</summary>
    public Estimate ReadMs(Setup setup, int tokens)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var (perToken, deviation) = _fit.Predict(setup);
        var weights = WeightsMs(setup);
        var chunks = Math.Ceiling(tokens / (double)ChunkTokens);
        var arithmetic = Math.Sqrt(Math.Max(0, Math.Pow(perToken * ChunkTokens, 2) - (weights * weights))) * tokens / ChunkTokens;
        return Estimate.Of(Math.Sqrt((arithmetic * arithmetic) + Math.Pow(chunks * weights, 2)), deviation);
    }

    private static IEnumerable<FitParameter> Needs(Setup setup)
    {
        yield return FitParameter.About($"reading/{setup.Engine}", 0.35, 0.4);
        yield return FitParameter.About($"reading/{setup.Engine}/{setup.Quantisation.Kernels}", 1, 0.8);
    }

    private static double TokenMs(Setup setup, int chunk, Func<string, double> factor)
    {
        var reached = setup.Device.TensorTflops * factor($"reading/{setup.Engine}") * factor($"reading/{setup.Engine}/{setup.Quantisation.Kernels}");
        var arithmetic = 2 * setup.Model.ComputedB * chunk / reached;
        return Math.Sqrt((arithmetic * arithmetic) + Math.Pow(WeightsMs(setup), 2)) / chunk;
    }

    private static double WeightsMs(Setup setup) => setup.Quantisation.BytesRead(setup.Model) / (setup.Device.BandwidthGbs * 1e6);
}
