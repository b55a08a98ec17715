using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>A classifier with the cross-validated probabilities of what it was trained on.</summary>
/// <param name="Classifier">Trained on everything.</param>
/// <param name="Calibrated">The requests, their margins made probabilities; none for a classifier that was read from a file.</param>
/// <param name="Probability">Makes a margin a probability.</param>
internal sealed record Trained(LinearClassifier Classifier, IReadOnlyList<Scored> Calibrated, Func<Scored, Scored> Probability)
{
    /// <summary>English, where a word that was never seen is a name as often as anything.</summary>
    public static Trained English(IReadOnlyList<Example> examples, int folds, int seed, Func<IEnumerable<Example>, Model> train)
    {
        var held = CrossValidation.Folds(examples, folds, seed, train);
        var calibration = Calibrator.Fit(held, doubt: false);
        Scored Calibrated(Scored scored) => scored with { Margin = Sigmoid(calibration.LogOdds(scored.Margin, scored.Known)) };
        return new Trained(train(examples).Classifier(calibration), held.ConvertAll(Calibrated), Calibrated);
    }

    /// <summary>Many languages, and what cannot be read.</summary>
    public static Trained Others(IReadOnlyList<Example> examples, int folds, int seed, Func<IEnumerable<Example>, Model> train)
    {
        var held = CrossValidation.Folds(examples, folds, seed, train, unreadable: true);
        var calibration = Calibrator.Fit(held, doubt: true);
        var offsets = Calibrator.FitOffsets(held.Where(s => !s.Unreadable).Select(s => s with { Margin = Sigmoid(calibration.LogOdds(s.Margin, s.Known)) }));
        Scored Calibrated(Scored scored)
        {
            var text = scored.Unreadable ? "" : scored.Example.Text;
            var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
            WordReader.Read(text, ref words);
            return scored with { Margin = Sigmoid(calibration.LogOdds(scored.Margin, scored.Known) + offsets.Of(words)) };
        }

        return new Trained(train(examples).Classifier(calibration, offsets), held.ConvertAll(Calibrated), Calibrated);
    }

    public static Trained Read(string path)
    {
        using var stream = File.OpenRead(path);
        return new Trained(LinearClassifier.Read(stream, path), [], scored => scored);
    }

    private static double Sigmoid(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
