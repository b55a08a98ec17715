using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>Examples made ready for the regression: varied, read and weighed.</summary>
internal sealed class TrainingSet
{
    /// <summary>λ; small, because dropping words regularises already.</summary>
    private const double Penalty = 3e-7;

    private readonly List<FeatureVector> _vectors = [];
    private readonly List<bool> _labels = [];
    private readonly List<float> _importance = [];
    private readonly Augmenter _augmenter;

    public TrainingSet(int seed) => _augmenter = new Augmenter(seed);

    /// <summary>Adds an example and <paramref name="copies"/> variations of it.</summary>
    /// <param name="example">The request.</param>
    /// <param name="importance">Of the example; its variations have as much together.</param>
    /// <param name="copies">How many variations.</param>
    public void Add(Example example, float importance, int copies)
    {
        Add(example.Text, example.Positive, importance);
        for (var copy = 0; copy < copies; copy++)
        {
            Add(_augmenter.Vary(example.Text), example.Positive, importance / copies);
        }
    }

    public Model Fit(int iterations) => new(LogisticRegression.Fit(_vectors, _labels, _importance, FeatureReader.Buckets, Penalty, iterations));

    private void Add(string text, bool positive, float importance)
    {
        _vectors.Add(FeatureVector.Of(text));
        _labels.Add(positive);
        _importance.Add(importance);
    }
}

/// <summary>Weights, the intercept last.</summary>
internal sealed record Model(float[] Weights)
{
    /// <summary>Log-odds before calibration.</summary>
    public double Margin(string text) => FeatureVector.Of(text) is { Buckets.Length: > 0 } vector ? vector.Dot(Weights) + Weights[^1] : -20;
}
