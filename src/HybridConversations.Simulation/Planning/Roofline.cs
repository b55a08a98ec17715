using HybridConversations.Simulation.Catalogue;

namespace HybridConversations.Simulation.Planning;

/// <summary>What no software can exceed.</summary>
/// <param name="BytesPerToken">Weights that a token reads.</param>
/// <param name="BandwidthTokensPerSecond">Of one stream: bandwidth by bytes.</param>
/// <param name="ComputeTokensPerSecond">Of many streams or of a prompt: tensor operations by two for each weight.</param>
public sealed record Roofline(double BytesPerToken, double BandwidthTokensPerSecond, double ComputeTokensPerSecond)
{
    public static Roofline Of(Setup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var bytes = setup.Quantisation.BytesRead(setup.Model);
        return new Roofline(bytes, setup.Device.BandwidthGbs * 1e9 / bytes, setup.Device.TensorTflops * 1e12 / (2e9 * setup.Model.ComputedB));
    }

    /// <summary>Milliseconds that a step takes at least: weights and KV by the bandwidth, or the rows by the tensor operations.</summary>
    public double StepMs(Setup setup, int streams, int context)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var bytes = BytesPerToken + (streams * (double)context * setup.Model.KvBytesPerToken(1)); // some engines keep KV in 8 bits
        return 1000 * Math.Max(bytes / (setup.Device.BandwidthGbs * 1e9), streams / ComputeTokensPerSecond);
    }

    /// <summary>Share of the bandwidth that one stream at this speed uses.</summary>
    public double BandwidthShare(double tokensPerSecond) => tokensPerSecond / BandwidthTokensPerSecond;
}
