using System.Collections.Concurrent;
using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>A request as the classifier sees it: buckets and values of length 1.</summary>
internal sealed record FeatureVector(int[] Buckets, float[] Values)
{
    private static readonly ConcurrentDictionary<string, FeatureVector> Known = new(StringComparer.Ordinal);

    /// <summary>Read once a text: cross-validation asks for the same ones again.</summary>
    public static FeatureVector Of(string text) => Known.GetOrAdd(text, Read);

    private static FeatureVector Read(string text)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        var collector = new Collector([], []);
        FeatureReader.Read(words, new uint[FeatureSet.Scratch], ref collector);
        var norm = MathF.Sqrt(collector.Values.Sum(v => v * v));
        return new FeatureVector([.. collector.Buckets], [.. collector.Values.Select(v => v / norm)]);
    }

    public double Dot(ReadOnlySpan<float> weights)
    {
        var sum = 0d;
        for (var i = 0; i < Buckets.Length; i++)
        {
            sum += weights[Buckets[i]] * Values[i];
        }

        return sum;
    }

    private readonly struct Collector(List<int> buckets, List<float> values) : IFeatureSink
    {
        public List<int> Buckets => buckets;

        public List<float> Values => values;

        public void Add(int bucket, float value, int first, int second)
        {
            buckets.Add(bucket);
            values.Add(value);
        }
    }
}
