using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Fitting;

namespace HybridConversations.Simulation.Planning;

/// <summary>
/// Milliseconds of a decode step, fitted on published figures:
/// <list type="number">
/// <item>memory: bytes of the weights and of the KV, by the bandwidth that kernels reach (<c>bandwidth</c>, one share for all);</item>
/// <item>arithmetic: unpacking each weight, by cores and clock (<c>unpack</c> of an engine, with a factor for the quantisation's kernels);</item>
/// <item>both overlap in part (their 2-norm), times what an engine is slower on an <c>architecture</c> and on a device <c>family</c>;</item>
/// <item>launching kernels: <c>launch</c> for each layer, by the clock;</item>
/// <item>each further row: its KV, a share (<c>row</c>) of the arithmetic and the engine's own work (<c>seat</c>), times <c>crowd</c>.</item>
/// </list>
/// A roofline (Williams et al. 2009) whose roofs are what engines reach. A factor that few figures support stays near its belief, and the interval says how well it is known.
/// </summary>
public sealed class DecodeModel
{
    /// <summary>Published figures of the same thing differ by about this much (standard deviation of the logarithm).</summary>
    private const double Noise = 0.08;

    /// <summary>With several streams it matters how the benchmark counts: whether reading the prompts is inside, and whether a prefix cache was warm.</summary>
    private const double CrowdNoise = 0.15;

    /// <summary>What a formula may miss of a kind that it was never held against.</summary>
    private const double Unlike = 0.25;

    private readonly LogFit<Load> _fit;
    private readonly IReadOnlyCollection<PublishedFigure> _figures;

    public DecodeModel(IReadOnlyCollection<PublishedFigure> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        _figures = figures;
        _fit = new LogFit<Load>(
            [.. figures.Select(figure => (new Load(figure.Setup, figure.Context, figure.Streams), 1000.0 * figure.Streams / figure.TokensPerSecond))], Needs, StepMs, load => load.Streams == 1 ? Noise : CrowdNoise);
    }

    /// <summary>Fitted on everything in the catalogue.</summary>
    public static DecodeModel Default { get; } = new([.. DeviceCatalogue.Default.Figures.Where(figure => figure.Doubt is null)]);

    /// <summary>Time of a step.</summary>
    /// <param name="setup">What computes what.</param>
    /// <param name="streams">Replies at once.</param>
    /// <param name="context">Tokens that each of them holds.</param>
    public Estimate StepMs(Setup setup, int streams, int context)
    {
        var (value, deviation) = _fit.Predict(new Load(setup, context, streams));
        deviation = HasSeen(setup, streams) ? deviation : Math.Sqrt((deviation * deviation) + (Unlike * Unlike));
        var roof = Roofline.Of(setup).StepMs(setup, streams, context);
        var estimate = Estimate.Of(Math.Max(value, roof), deviation);
        return estimate with { Low = Math.Max(estimate.Low, roof) };
    }

    /// <summary>Tokens a second of all streams together.</summary>
    public Estimate TokensPerSecond(Setup setup, int streams, int context) => StepMs(setup, streams, context).Inverse(1000.0 * streams);

    /// <summary>
    /// Is the setup of a kind that was seen: the engine with these kernels on a model of this architecture, and the engine on this family of devices?
    /// With several streams the engine must have been seen with several.
    /// </summary>
    public bool HasSeen(Setup setup, int streams) =>
        _figures.Any(f => IsAlike(f.Setup, setup))
        && _figures.Any(f => Same(f, setup) && f.Setup.Device.Family == setup.Device.Family)
        && (streams == 1 || (_figures.Any(f => Same(f, setup) && f.Streams > 1 && f.Setup.Device.Family == setup.Device.Family)
            && _figures.Any(f => f.Streams > 1 && IsAlike(f.Setup, setup))));

    private static bool Same(PublishedFigure figure, Setup setup) => figure.Setup.Engine == setup.Engine;

    private static bool IsAlike(Setup a, Setup b) =>
        a.Engine == b.Engine && a.Quantisation.Kernels == b.Quantisation.Kernels && a.Model.Architecture == b.Model.Architecture;

    private static IEnumerable<FitParameter> Needs(Load load)
    {
        var (engine, kernels) = (load.Setup.Engine, load.Setup.Quantisation.Kernels);
        yield return FitParameter.About("bandwidth", 0.85, 0.08);
        yield return FitParameter.About("launch", 0.1, 0.5);
        yield return FitParameter.About($"launch/{engine}", 1, 0.25);
        yield return FitParameter.About($"unpack/{engine}", 4, 0.7);
        yield return FitParameter.About($"unpack/{engine}/{kernels}", load.Setup.Quantisation.RelativeCost, 0.3);
        yield return FitParameter.About($"family/{engine}/{load.Setup.Device.Family}", 1, 0.2);
        if (load.Setup.Model.Architecture != "dense")
        {
            yield return FitParameter.About($"architecture/{engine}/{load.Setup.Model.Architecture}", 1, 0.35);
        }

        if (load.Streams > 1)
        {
            yield return FitParameter.About($"row/{engine}", RowOf(engine), 0.7);
            yield return FitParameter.About($"seat/{engine}", 0.8, 0.5);
            yield return FitParameter.About($"crowd/{engine}/{load.Setup.Device.Family}", 1, 1);
            yield return FitParameter.About($"crowd/{engine}/{load.Setup.Model.Architecture}", 1, 1);
        }
    }

    /// <summary>Engines on tensor cores unpack a weight once for all rows; llama.cpp's kernels for few rows unpack and multiply again for each.</summary>
    private static double RowOf(string engine) => engine == "llama.cpp" ? 0.3 : 0.05;

    private static double StepMs(Load load, Func<string, double> factor)
    {
        var (device, model, quantisation, engine) = load.Setup;
        var msPerByte = 1 / (device.BandwidthGbs * 1e6 * factor("bandwidth"));
        var kv = load.Context * model.KvBytesPerToken(2) * msPerByte;
        var memory = (quantisation.BytesRead(model) * msPerByte) + kv;
        var arithmetic = model.ComputedB * factor($"unpack/{engine}") * factor($"unpack/{engine}/{quantisation.Kernels}") / device.Arithmetic;
        var step = Math.Sqrt((memory * memory) + (arithmetic * arithmetic)) * factor($"family/{engine}/{device.Family}");
        if (model.Architecture != "dense")
        {
            step *= factor($"architecture/{engine}/{model.Architecture}");
        }

        step += model.Layers * factor("launch") * factor($"launch/{engine}") / device.GpuGhz;
        if (load.Streams > 1)
        {
            var row = kv + (factor($"row/{engine}") * arithmetic) + factor($"seat/{engine}");
            step += (load.Streams - 1) * row * factor($"crowd/{engine}/{device.Family}") * factor($"crowd/{engine}/{model.Architecture}");
        }

        return step;
    }

    private sealed record Load(Setup Setup, int Context, int Streams);
}
