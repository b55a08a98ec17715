using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>A request as the classifier sees it: buckets and values of length 1, and the share of its words that the classifier knows.</summary>
internal sealed record FeatureVector(int[] Buckets, float[] Values, double Known)
{
    /// <param name="text">The request.</param>
    /// <param name="reading">What is read of it.</param>
    /// <param name="knowledge">The words that were learned from.</param>
    public static FeatureVector Of(string text, Reading reading, WordKnowledge knowledge)
    {
        var words = WordsOf(text);
        if (reading == Reading.OtherLanguages)
        {
            words = words.InOtherLanguages(new Word[WordList.MaxWords]);
        }

        var collector = new Collector([], []);
        var known = FeatureReader.Read(words, reading, knowledge, new uint[FeatureSet.Scratch], ref collector);
        var norm = MathF.Sqrt(collector.Values.Sum(v => v * v));
        return new FeatureVector([.. collector.Buckets], [.. collector.Values.Select(v => v / norm)], known);
    }

    /// <summary>What <see cref="WordKnowledge"/> knows of a text that was learned from.</summary>
    public static IEnumerable<uint> KnownBy(string text)
    {
        var words = WordsOf(text);
        var known = new List<uint>(2 * words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            known.Add(words[i].Hash);
            if (i > 0 && words.StandsAlone(i))
            {
                known.Add(WordKnowledge.Pair(words[i - 1].Hash, words[i].Hash));
            }
        }

        return known;
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

    private static WordList WordsOf(string text)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        return words;
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
