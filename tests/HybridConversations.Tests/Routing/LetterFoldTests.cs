using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class LetterFoldTests
{
    [Theory]
    [InlineData("ÉCRIS-MOI Ça", "ecris-moi ca")]
    [InlineData("e\u0301crit", "ecrit")]
    [InlineData("ŁÓDŹ İstanbul ılık", "lodz istanbul ilik")]
    [InlineData("Ещё", "еще")]
    [InlineData("Й", "й")]
    [InlineData("أَهْلاً", "اهلا")]
    [InlineData("क़लम", "कलम")]
    [InlineData("ＡＢＣ１２", "abc12")]
    [InlineData("٣४", "34")]
    [InlineData("請說雲端", "请说云端")]
    public void One_form_for_letters_that_are_written_in_several_ways(string text, string expected) => Assert.Equal(expected, LetterFold.Of(text));

    [Fact]
    public void Vowel_signs_belong_to_the_word() => Assert.All("हिन्दी", letter => Assert.True(LetterFold.IsWord(letter)));

    [Theory]
    [InlineData('写', true)]
    [InlineData('の', true)]
    [InlineData('カ', true)]
    [InlineData('ก', true)]
    [InlineData('a', false)]
    [InlineData('я', false)]
    [InlineData('한', false)]
    public void Scripts_without_blanks(char letter, bool alone) => Assert.Equal(alone, LetterFold.StandsAlone(letter));
}
