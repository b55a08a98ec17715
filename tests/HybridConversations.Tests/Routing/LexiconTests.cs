using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class LexiconTests
{
    [Fact]
    public void Words_of_one_class_share_it()
    {
        Assert.NotEqual(0ul, Lexicon.ClassesOf("kotlin") & Lexicon.ClassesOf("lua"));
        Assert.NotEqual(0ul, Lexicon.ClassesOf("milk") & Lexicon.ClassesOf("cheese"));
        Assert.Equal(0ul, Lexicon.ClassesOf("kotlin") & Lexicon.ClassesOf("cheese"));
    }

    [Theory]
    [InlineData("script", "skript")]
    [InlineData("essay", "dissertation")]
    [InlineData("essay", "сочинение")]
    [InlineData("integral", "calke")]
    [InlineData("integral", "समाकलन")]
    [InlineData("weather", "طقس")]
    [InlineData("lamp", "ламп")]
    public void So_do_words_of_different_languages(string english, string other) =>
        Assert.NotEqual(0ul, Lexicon.ClassesOf(LetterFold.Of(english)) & Lexicon.ClassesOf(LetterFold.Of(other)));

    [Theory]
    [InlineData("写一个程序", "program")]
    [InlineData("プログラム", "program")]
    [InlineData("今天天气", "weather")]
    public void A_term_without_blanks_is_found_at_its_end(string run, string english) =>
        Assert.NotEqual(0ul, Lexicon.TermEndingIn(LetterFold.Of(run)) & Lexicon.ClassesOf(english));

    [Fact]
    public void The_longest_stem_counts() => Assert.NotEqual(0ul, Lexicon.ClassesOf("programmierschnittstelle"));

    [Fact]
    public void A_plural_has_the_classes_of_its_singular() => Assert.Equal(Lexicon.ClassesOf("integral"), Lexicon.ClassesOf("integrals"));

    [Fact]
    public void An_unknown_word_has_none() => Assert.Equal(0ul, Lexicon.ClassesOf("xyzzy"));
}
