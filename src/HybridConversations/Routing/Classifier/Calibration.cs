using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>From a margin to log-odds (Platt scaling), in dependence on how much of the text could be judged.</summary>
/// <param name="Slope">Where every word is known.</param>
/// <param name="Offset">Where every word is known.</param>
/// <param name="SlopeOfDoubt">Added to the slope where no word is known; in proportion between.</param>
/// <param name="OffsetOfDoubt">Added to the offset where no word is known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Calibration(float Slope, float Offset, float SlopeOfDoubt, float OffsetOfDoubt)
{
    /// <param name="known">Share of the words that could be judged, 0 to 1.</param>
    public double SlopeAt(double known) => Slope + (SlopeOfDoubt * (1 - known));

    public double OffsetAt(double known) => Offset + (OffsetOfDoubt * (1 - known));

    public double LogOdds(double margin, double known) => (SlopeAt(known) * margin) + OffsetAt(known);
}
