using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class FeatureReaderTests
{
    [Fact]
    public void The_same_words_give_the_same_features() => Assert.Equal(Features("write me a script"), Features("Write me a script!"));

    [Fact]
    public void The_order_of_words_matters() => Assert.NotEqual(Features("write a plan").Order(), Features("plan a write").Order());

    [Fact]
    public void No_feature_counts_twice()
    {
        var features = Features("compare the cost of a car and the cost of a bike and the cost of a bus");

        // Two features may share a bucket by chance of the hash; with as few as these that is rare.
        Assert.True(features.Count - features.Distinct().Count() <= 1);
    }

    [Fact]
    public void A_hash_is_the_same_on_every_machine() => Assert.Equal(540962730u, WordList.Hash("script"));

    [Fact]
    public void The_richest_text_stays_within_bounds()
    {
        // Words of many classes: each pair of them is a feature for every pair of classes.
        var text = string.Join(' ', Enumerable.Repeat("model graph cluster cell trace matrix tree class driver table plan contract current function program trip deposit volume table budget row", 5)
            .SelectMany(line => line.Split(' ')));

        Assert.InRange(Features(text).Count, 300, 2048);
    }

    private static List<int> Features(string text)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        var sink = new Collector([]);
        FeatureReader.Read(words, Reading.WordsAndMarks, null, new uint[FeatureSet.Scratch], ref sink);
        return sink.Buckets;
    }

    private readonly struct Collector(List<int> buckets) : IFeatureSink
    {
        public List<int> Buckets => buckets;

        public void Add(int bucket, float value, int first, int second) => buckets.Add(bucket);
    }
}
