using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>Examples made ready for the regression: varied, read and weighed.</summary>
/// <param name="reading">What is read of them.</param>
/// <param name="seed">Of the variations.</param>
/// <param name="openers">What people begin with, by language.</param>
internal sealed class TrainingSet(Reading reading, int seed, IReadOnlyDictionary<string, IReadOnlyList<string>> openers)
{
    /// <summary>λ; small, because dropping words regularises already.</summary>
    private const double Penalty = 3e-7;

    private readonly List<(string Text, bool Positive, float Importance)> _texts = [];
    private readonly HashSet<uint> _words = [];
    private readonly Augmenter _augmenter = new(seed, openers);
    private readonly Random _random = new(seed);

    /// <summary>Adds an example and <paramref name="copies"/> variations of it.</summary>
    /// <param name="example">The request.</param>
    /// <param name="importance">Of the example; its variations have as much together.</param>
    /// <param name="copies">How many variations.</param>
    public void Add(Example example, float importance, int copies)
    {
        _words.UnionWith(FeatureVector.KnownBy(example.Text));
        _texts.Add((example.Text, example.Positive, importance));
        for (var copy = 0; copy < copies; copy++)
        {
            _texts.Add((_augmenter.Vary(example.Text, example.Language), example.Positive, importance / copies));
        }
    }

    /// <summary>Adds an example as somebody reads it who does not know its language, or half of it.</summary>
    public void AddUnreadable(Example example, float importance) =>
        _texts.Add((Garbler.Garble(example.Text, _random.Next(3) switch { 0 => 0.5, 1 => 0.8, _ => 1 }, _random), example.Positive, importance));

    /// <summary>Adds what an English example says in any language: its word classes, numbers and signs.</summary>
    public void AddSkeleton(Example example, float importance) => _texts.Add((Garbler.Skeleton(example.Text, _random), example.Positive, importance));

    public Model Fit(int iterations)
    {
        var knowledge = WordKnowledge.Of(_words);
        var vectors = _texts.ConvertAll(text => FeatureVector.Of(text.Text, reading, knowledge));
        var read = vectors.Select((vector, i) => (vector, i)).Where(v => v.vector.Buckets.Length > 0).ToArray();
        return new Model(
            reading,
            LogisticRegression.Fit(
                [.. read.Select(v => v.vector)], [.. read.Select(v => _texts[v.i].Positive)], [.. read.Select(v => _texts[v.i].Importance)], FeatureReader.Buckets, Penalty, iterations),
            knowledge);
    }
}
