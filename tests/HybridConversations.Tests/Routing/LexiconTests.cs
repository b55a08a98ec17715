using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class LexiconTests
{
    [Theory]
    [InlineData("script", "skript")]
    [InlineData("essay", "dissertation")]
    [InlineData("essay", "сочинение")]
    [InlineData("integral", "całkę")]
    [InlineData("integral", "समाकलन")]
    [InlineData("weather", "طقس")]
    [InlineData("lamp", "ламп")]
    [InlineData("kotlin", "kotlin")]
    public void Words_of_other_languages_have_the_classes_of_english_ones(string english, string other) =>
        Assert.NotEqual(0ul, WordClasses.Of(english) & Lexicon.ClassesOf(LetterFold.Of(other)));

    [Theory]
    [InlineData("写一个程序", "program")]
    [InlineData("プログラム", "program")]
    [InlineData("今天天气", "weather")]
    public void A_term_without_blanks_is_found_at_its_end(string run, string english) =>
        Assert.NotEqual(0ul, Lexicon.TermEndingIn(LetterFold.Of(run)) & WordClasses.Of(english));

    [Fact]
    public void The_longest_stem_counts() => Assert.NotEqual(0ul, Lexicon.ClassesOf("programmierschnittstelle"));

    [Fact]
    public void A_small_word_of_another_language_has_no_class_of_an_english_one() => Assert.Equal(0ul, Lexicon.ClassesOf("die"));

    [Fact]
    public void An_unknown_word_has_none() => Assert.Equal(0ul, Lexicon.ClassesOf("xyzzy"));

    [Theory]
    [InlineData("drei eier", "# eier")]
    [InlineData("三 分", "三 分")]
    public void Numbers_in_words_are_numbers(string text, string expected)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        var other = words.InOtherLanguages(new Word[WordList.MaxWords]);
        var read = new List<string>();
        for (var i = 0; i < other.Count; i++)
        {
            read.Add(other[i].Hash == WordList.Hash("#") ? "#" : other.Text(i).ToString());
        }

        Assert.Equal(expected, string.Join(' ', read));
    }
}
