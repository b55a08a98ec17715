using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class WordPatternTests
{
    [Theory]
    [InlineData("think hard", "think hard now", 0, 2)]
    [InlineData("think hard", "please think hard", 0, -1)]
    [InlineData("think hard", "please think hard", 1, 3)]
    [InlineData("think very|really? hard|harder", "think really harder", 0, 3)]
    [InlineData("think very|really? hard", "think hard", 0, 2)]
    [InlineData("ask the|your cloud", "ask your cloud", 0, 3)]
    [InlineData("ask the|your cloud", "ask a cloud", 0, -1)]
    [InlineData("this stays here? here", "this stays here", 0, 3)]
    [InlineData("keep it here?", "keep it", 0, 2)]
    [InlineData("keep it here", "keep it", 0, -1)]
    [InlineData("anything", "", 0, -1)]
    [InlineData("behalt* ..2 für dich", "Behalten Sie das bitte für dich", 0, -1)]
    [InlineData("behalt* ..3 für dich", "Behalten Sie das bitte für dich", 0, 6)]
    [InlineData("per_te|sé", "per te", 0, 2)]
    [InlineData("不要 ..3 告诉", "不要再告诉他", 0, 5)]
    [InlineData("不要|别 告诉", "别告诉他", 0, 3)]
    [InlineData("別 告訴", "别告诉他", 0, 3)]
    [InlineData("السحابة", "السحابة", 0, 1)]
    public void A_pattern_matches_words_in_a_row(string pattern, string text, int start, int expected)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);

        Assert.Equal(expected, new WordPattern(pattern).Match(words, start));
    }
}
