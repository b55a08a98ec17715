using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>Examples made ready for the regression: varied, read and weighed.</summary>
internal sealed class TrainingSet(int seed)
{
    /// <summary>λ; small, because dropping words regularises already.</summary>
    private const double Penalty = 3e-7;

    /// <summary>A word is known from so many examples on.</summary>
    private const int KnownFrom = 1;

    private readonly List<(string Text, bool Positive, float Importance)> _texts = [];
    private readonly Dictionary<uint, int> _words = [];
    private readonly Augmenter _augmenter = new(seed);
    private readonly Random _random = new(seed);

    /// <summary>Adds an example and <paramref name="copies"/> variations of it.</summary>
    /// <param name="example">The request.</param>
    /// <param name="importance">Of the example; its variations have as much together.</param>
    /// <param name="copies">How many variations.</param>
    public void Add(Example example, float importance, int copies)
    {
        foreach (var word in FeatureVector.KnownBy(example.Text).Distinct())
        {
            _words[word] = _words.GetValueOrDefault(word) + 1;
        }

        _texts.Add((example.Text, example.Positive, importance));
        for (var copy = 0; copy < copies; copy++)
        {
            _texts.Add((_augmenter.Vary(example.Text, example.Language), example.Positive, importance / copies));
        }
    }

    /// <summary>Adds an example as somebody reads it who does not know its language, or half of it.</summary>
    public void AddUnreadable(Example example, float importance) =>
        _texts.Add((Garbler.Garble(example.Text, _random.Next(3) switch { 0 => 0.5, 1 => 0.8, _ => 1 }, _random), example.Positive, importance));

    public Model Fit(int iterations)
    {
        var knowledge = WordKnowledge.Of(_words.Where(word => word.Value >= KnownFrom).Select(word => word.Key));
        var vectors = _texts.ConvertAll(text => FeatureVector.Of(text.Text, knowledge));
        var read = vectors.Select((vector, i) => (vector, i)).Where(v => v.vector.Buckets.Length > 0).ToArray();
        return new Model(
            LogisticRegression.Fit(
                [.. read.Select(v => v.vector)], [.. read.Select(v => _texts[v.i].Positive)], [.. read.Select(v => _texts[v.i].Importance)], FeatureReader.Buckets, Penalty, iterations),
            knowledge);
    }
}

/// <summary>What a regression learned.</summary>
/// <param name="Weights">The intercept last.</param>
/// <param name="Knowledge">The words it was taught.</param>
internal sealed record Model(float[] Weights, WordKnowledge Knowledge)
{
    /// <summary>Log-odds before calibration, and the share of the words that it knows.</summary>
    public Scored Score(Example example, string? text = null) => FeatureVector.Of(text ?? example.Text, Knowledge) is { Buckets.Length: > 0 } vector
        ? new Scored(example, vector.Dot(Weights) + Weights[^1], vector.Known)
        : new Scored(example, -20, 1);

    /// <summary>As the product runs it.</summary>
    public LinearClassifier Classifier(Calibration calibration) => LinearClassifier.Quantise(
        Weights.AsSpan(..^1),
        Knowledge,
        calibration with
        {
            Offset = (float)(calibration.Offset + (calibration.Slope * Weights[^1])),
            OffsetOfDoubt = (float)(calibration.OffsetOfDoubt + (calibration.SlopeOfDoubt * Weights[^1])),
        });
}
