using System.Globalization;
using HybridConversations.Simulation.Catalogue;

namespace HybridConversations.Simulation.Planning;

/// <summary>Can a figure that somebody claims be?</summary>
public enum ClaimVerdict
{
    /// <summary>Within what is predicted.</summary>
    Plausible,

    /// <summary>Slower than predicted: something is in its way.</summary>
    Slow,

    /// <summary>Faster than these kernels are expected to be, and possible with the best that were measured on such devices.</summary>
    OtherKernels,

    /// <summary>More of the bandwidth than anything measured on such devices reached.</summary>
    Doubtful,

    /// <summary>More than the bandwidth allows.</summary>
    Impossible,
}

/// <param name="TokensPerSecond">What is claimed of one stream.</param>
/// <param name="Verdict">Can it be?</param>
/// <param name="BandwidthShare">Share of the bandwidth that it takes to read the weights so often.</param>
/// <param name="Reason">For a person.</param>
public sealed record Claim(double TokensPerSecond, ClaimVerdict Verdict, double BandwidthShare, string Reason)
{
    /// <summary>Judges a speed of one stream.</summary>
    /// <param name="setup">What is said to reach it.</param>
    /// <param name="tokensPerSecond">The claim.</param>
    /// <param name="model">What is known.</param>
    /// <param name="figures">What was measured.</param>
    public static Claim Of(Setup setup, double tokensPerSecond, DecodeModel model, IReadOnlyCollection<PublishedFigure> figures)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(figures);
        var roof = Roofline.Of(setup);
        var share = roof.BandwidthShare(tokensPerSecond);
        var expected = model.TokensPerSecond(setup, 1, 64);
        var best = figures.Where(f => f is { Streams: 1, Doubt: null }).MaxBy(f => Roofline.Of(f.Setup).BandwidthShare(f.TokensPerSecond))!;
        var bestShare = Roofline.Of(best.Setup).BandwidthShare(best.TokensPerSecond);
        var (verdict, why) = share > 1 ? (ClaimVerdict.Impossible, "more than there is")
            : share > bestShare ? (ClaimVerdict.Doubtful, Text($"more than any figure of the catalogue ({bestShare:P0}, {best.Setup})"))
            : tokensPerSecond > expected.High ? (ClaimVerdict.OtherKernels, Text($"more than {setup.Engine} is expected to reach with {setup.Quantisation.Id} here ({expected} tok/s); the best kernels measured reach {bestShare:P0} ({best.Setup})"))
            : tokensPerSecond < expected.Low ? (ClaimVerdict.Slow, Text($"less than expected ({expected} tok/s): look for a lower power mode, a hot board or layers that are not on the GPU"))
            : (ClaimVerdict.Plausible, Text($"{setup.Engine} is expected to reach {expected} tok/s"));
        return new Claim(tokensPerSecond, verdict, share, Text($"{tokensPerSecond} tok/s read {roof.BytesPerToken / 1e9:0.00} GB each, {share:P0} of {setup.Device.BandwidthGbs} GB/s: {why}."));
    }

    /// <summary>Judges a claim that a measured speed uses so much of the bandwidth.</summary>
    /// <param name="setup">What was measured.</param>
    /// <param name="tokensPerSecond">Its speed, one stream.</param>
    /// <param name="claimedShare">Share that is claimed, 0 to 1.</param>
    public static string Saturation(Setup setup, double tokensPerSecond, double claimedShare)
    {
        var share = Roofline.Of(setup).BandwidthShare(tokensPerSecond);
        return Math.Abs(share - claimedShare) <= 0.1
            ? Text($"Yes: {tokensPerSecond} tok/s take {share:P0} of the bandwidth.")
            : Text($"No: {tokensPerSecond} tok/s take {share:P0} of the bandwidth, not {claimedShare:P0}; what is saturated is not the memory but the kernels.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
