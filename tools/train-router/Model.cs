using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>What a regression learned.</summary>
/// <param name="Reading">What is read of a request.</param>
/// <param name="Weights">The intercept last.</param>
/// <param name="Knowledge">The words it was taught.</param>
internal sealed record Model(Reading Reading, float[] Weights, WordKnowledge Knowledge)
{
    /// <summary>Log-odds before calibration, and the share of the words that it knows.</summary>
    public Scored Score(Example example, string? text = null) => FeatureVector.Of(text ?? example.Text, Reading, Knowledge) is { Buckets.Length: > 0 } vector
        ? new Scored(example, vector.Dot(Weights) + Weights[^1], vector.Known)
        : new Scored(example, -20, 1);

    /// <summary>As the product runs it.</summary>
    public LinearClassifier Classifier(Calibration calibration, LanguageOffsets? offsets = null) => LinearClassifier.Quantise(
        Reading,
        Weights.AsSpan(..^1),
        Knowledge,
        calibration with
        {
            Offset = (float)(calibration.Offset + (calibration.Slope * Weights[^1])),
            OffsetOfDoubt = (float)(calibration.OffsetOfDoubt + (calibration.SlopeOfDoubt * Weights[^1])),
        },
        offsets);
}
