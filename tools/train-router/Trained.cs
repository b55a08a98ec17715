using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>A classifier with the cross-validated probabilities of what it was trained on.</summary>
/// <param name="Classifier">Trained on everything.</param>
/// <param name="Calibration">From margins to log-odds, learned of the cross-validated ones.</param>
/// <param name="Calibrated">The requests, their margins made probabilities; none for a classifier that was read from a file.</param>
internal sealed record Trained(LinearClassifier Classifier, Calibration Calibration, IReadOnlyList<Scored> Calibrated)
{
    public static Trained Of(IReadOnlyList<Example> examples, int folds, int seed, Func<IEnumerable<Example>, Model> train, bool unreadable)
    {
        var held = CrossValidation.Folds(examples, folds, seed, train, unreadable);
        var calibration = Calibrator.Fit(held);
        var trained = new Trained(train(examples).Classifier(calibration), calibration, []);
        return trained with { Calibrated = held.ConvertAll(trained.Probability) };
    }

    public static Trained Read(string path)
    {
        using var stream = File.OpenRead(path);
        var classifier = LinearClassifier.Read(stream, path);
        return new Trained(classifier, classifier.Calibration, []);
    }

    /// <summary>The same with its margin made a probability.</summary>
    public Scored Probability(Scored scored) => scored with { Margin = 1 / (1 + Math.Exp(-Calibration.LogOdds(scored.Margin, scored.Known))) };
}
