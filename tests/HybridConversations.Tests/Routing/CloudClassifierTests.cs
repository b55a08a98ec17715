using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class CloudClassifierTests
{
    private static readonly CloudClassifier Classifier = RouterModels.Default.Cloud;

    [Theory]
    [InlineData("write me a script that renames my photos by date")]
    [InlineData("what's the weather like tomorrow in berlin")]
    [InlineData("play despacito")]
    [InlineData("Find Re(Li2(i))")]
    public void English_is_judged_by_its_own_weights(string text) => Assert.Equal(Classifier.English.Judge(Words(text)), Classifier.Judge(Words(text)));

    [Theory]
    [InlineData("wie wird das wetter morgen in berlin")]
    [InlineData("zaplanuj podróż po portugalii z dwójką dzieci")]
    [InlineData("写一个程序")]
    [InlineData("kirjoita minulle ohjelma joka nimeää valokuvani")]
    public void Everything_else_by_the_others(string text) =>
        Assert.Equal(Classifier.Others.Judge(Words(text).InOtherLanguages(new Word[WordList.MaxWords])), Classifier.Judge(Words(text)));

    [Fact]
    public void A_language_never_learned_is_in_doubt()
    {
        var known = Classifier.Judge(Words("stell den wecker auf sieben uhr")).Known;
        var unknown = Classifier.Judge(Words("herätä minut huomenna aikaisin aamulla kello seitsemän")).Known;

        Assert.True(unknown < 0.5 && known > 0.8, $"{unknown}, {known}");
    }

    [Fact]
    public void In_doubt_a_score_is_nearer_to_what_is_known_of_requests_in_general()
    {
        var everyday = Classifier.Judge(Words("wie wird das wetter morgen")).Probability;
        var unknown = Classifier.Judge(Words("millainen sää huomenna kylmää")).Probability;

        Assert.True(unknown > everyday, $"{unknown}, {everyday}");
    }

    private static WordList Words(string text)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        return words;
    }
}
