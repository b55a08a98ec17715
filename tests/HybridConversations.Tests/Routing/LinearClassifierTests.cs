using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class LinearClassifierTests
{
    [Fact]
    public void The_weights_of_the_assembly_load()
    {
        Assert.True(Probability(RouteRequests.Hard) > 0.9);
        Assert.True(Probability(RouteRequests.Everyday) < 0.1);
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        var weights = new float[FeatureReader.Buckets];
        var random = new Random(5);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (random.NextSingle() * 2) - 1;
        }

        var before = LinearClassifier.Quantise(weights, WordKnowledge.Of([WordList.Hash("script")]), new Calibration(1.5f, -0.25f, 0.5f, -1));
        using var file = new MemoryStream();
        before.Write(file);
        file.Position = 0;

        var after = LinearClassifier.Read(file, "memory");

        Assert.Equal(before.Calibration, after.Calibration);
        Assert.Equal(Probability(RouteRequests.Hard, before), Probability(RouteRequests.Hard, after));
    }

    [Fact]
    public void Something_else_than_weights_is_refused_with_its_name()
    {
        var refused = Assert.Throws<InvalidDataException>(() => LinearClassifier.Read(new MemoryStream(new byte[1000]), "other.bin"));
        Assert.Contains("other.bin", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(5000)]
    [InlineData(FeatureReader.Buckets + 100)]
    public void Weights_that_are_cut_short_are_refused(int bytes)
    {
        using var file = new MemoryStream();
        LinearClassifier.Quantise(new float[FeatureReader.Buckets], WordKnowledge.Of([]), new Calibration(1, 0, 0, 0)).Write(file);

        var refused = Assert.Throws<InvalidDataException>(() => LinearClassifier.Read(new MemoryStream(file.ToArray()[..bytes]), "weights"));

        Assert.Contains("cut short", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RouteRequests.Hard)]
    [InlineData(RouteRequests.Everyday)]
    [InlineData("Write a SQL query for the top customers")]
    public void The_words_weights_and_the_base_add_up_to_the_score(string text)
    {
        var explanation = new Router().Explain(text);

        var logOdds = explanation.Base + explanation.Words.Sum(w => w.Weight);

        Assert.Equal(explanation.Score, 1 / (1 + Math.Exp(-logOdds)), 4);
    }

    [Fact]
    public void The_strongest_word_comes_first()
    {
        var words = new Router().Explain(RouteRequests.Hard).Words;

        Assert.Equal(words.OrderByDescending(w => Math.Abs(w.Weight)).Select(w => w.Word), words.Select(w => w.Word));
        Assert.Contains(words.Take(4), w => w.Word is "script" or "python" or "write");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Capitals_punctuation_and_code_marks_decide_nothing(string text)
    {
        var plain = Probability(text);

        Assert.Equal(plain, Probability(text.ToUpperInvariant()));
        Assert.Equal(plain, Probability(text.Replace(" ", ", ", StringComparison.Ordinal) + "?!"));
        Assert.Equal(plain, Probability("```\n" + text + "\n```"));
        Assert.Equal(plain, Probability("Um, " + text.Replace(" ", "\n\n", StringComparison.Ordinal) + "..."));
    }

    public static TheoryData<string> Texts() =>
    [
        RouteRequests.Hard,
        RouteRequests.Everyday,
        "plan a trip to japan for two weeks with kids on a budget",
        "who wrote the script of titanic",
        "what's the zip code of beverly hills",
        "prove that the square root of two is irrational",
    ];

    /// <summary>The words of no language that was taught: neither "easy" nor "hard", unless numbers and formulas say so.</summary>
    [Fact]
    public void A_language_never_learned_is_in_doubt()
    {
        var strange = new Router().Explain("ռտպջ կլմնոպ բգդեզ աբգ հձղճ");
        var plain = new Router().Explain(RouteRequests.Everyday);

        Assert.True(strange.Known < 0.2, $"known {strange.Known}");
        Assert.Equal(1, plain.Known);
        Assert.True(strange.Score > 2 * plain.Score, $"{strange.Score} {plain.Score}");
    }

    private static double Probability(string text, LinearClassifier? classifier = null) => RouteExplanation.Of(text, classifier ?? RouterModels.Default.Cloud).Score;
}
