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

        var before = LinearClassifier.Quantise(Reading.WordsAndMarks, weights, WordKnowledge.Of([WordList.Hash("script"), WordList.Hash("photos")]), new Calibration(1.5f, -0.25f, 0.5f, 0.125f));
        using var file = new MemoryStream();
        before.Write(file);
        file.Position = 0;

        var after = LinearClassifier.Read(file, "memory");

        Assert.Equal(before.Calibration, after.Calibration);
        Assert.Equal(before.Reading, after.Reading);
        Assert.Equal(before.Judge(Words(RouteRequests.Hard)), after.Judge(Words(RouteRequests.Hard)));
        Assert.InRange(after.Judge(Words(RouteRequests.Hard)).Known, 0.01, 0.99);
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
    public void Weights_that_are_cut_short_are_refused(int bytes)
    {
        using var file = new MemoryStream();
        LinearClassifier.Quantise(Reading.Words, new float[FeatureReader.Buckets], WordKnowledge.Of([]), default).Write(file);

        var refused = Assert.Throws<InvalidDataException>(() => LinearClassifier.Read(new MemoryStream(file.ToArray()[..bytes]), "weights"));

        Assert.Contains("cut short", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RouteRequests.Hard)]
    [InlineData(RouteRequests.Everyday)]
    [InlineData("Write a SQL query for the top customers")]
    [InlineData("schreib mir ein programm das meine fotos umbenennt")]
    [InlineData("写一个程序")]
    [InlineData("xyzzy plugh frotz")]
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

    private static double Probability(string text) => RouteExplanation.Of(text, RouterModels.Default.Cloud).Score;

    private static WordList Words(string text)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        return words;
    }
}
