using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class WordReaderTests
{
    [Theory]
    [InlineData("What's the weather?", "whats the weather")]
    [InlineData("whats the weather", "whats the weather")]
    [InlineData("Um, uh, what's   the — weather…", "whats the weather")]
    [InlineData("Set a timer for 10 minutes.", "set a timer for # minutes")]
    [InlineData("set a timer for ten minutes", "set a timer for # minutes")]
    [InlineData("one hundred and twenty three", "one # and #")]
    [InlineData("the the script", "the script")]
    [InlineData("18% of $64.50", "# percent of dollars #")]
    [InlineData("eighteen percent of", "# percent of")]
    [InlineData("in C# please", "in c sharp please")]
    [InlineData("in c sharp please", "in c sharp please")]
    [InlineData("```js\nlet x=1;\n```", "js let x equals #")]
    [InlineData("Don’t", "dont")]
    [InlineData("ÄRGER Über", "arger uber")]
    [InlineData("Straße", "strasse")]
    [InlineData("हिन्दी में लिखो", "हिन्दी में लिखो")]
    [InlineData("الطقس اليوم", "طقس يوم")]
    [InlineData("写一个脚本", "写 一 个 脚 本")]
    [InlineData("用python写脚本", "用 python 写 脚 本")]
    [InlineData("三分のタイマー", "三 分 の タ イ マ ー")]
    [InlineData("", "")]
    [InlineData(" \t\n?! …", "")]
    [InlineData("um", "")]
    public void Typed_and_spoken_read_the_same(string text, string expected) => Assert.Equal(expected, Read(text));

    [Fact]
    public void A_long_text_is_read_from_its_start_and_its_end()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5000).Select(i => "w" + Letters(i)));

        var words = Read(text).Split(' ');

        Assert.Equal(WordList.MaxWords, words.Length);
        Assert.Equal("w" + Letters(0), words[0]);
        Assert.Equal("w" + Letters(WordList.HeadWords - 1), words[WordList.HeadWords - 1]);
        Assert.Equal("w" + Letters(4999), words[^1]);
        Assert.Equal("w" + Letters(5000 - WordList.TailWords), words[WordList.HeadWords]);
    }

    [Fact]
    public void Chinese_is_read_from_its_start_and_its_end_too()
    {
        var text = string.Concat(Enumerable.Range(0, 199_998).Select(i => (char)('\u4E00' + (i % 5000)))) + "写码";

        var words = Read(text).Split(' ');

        Assert.Equal(WordList.MaxWords, words.Length);
        Assert.Equal("一", words[0]);
        Assert.Equal(["写", "码"], words[^2..]);
    }

    [Fact]
    public void A_text_of_as_many_words_as_fit_is_read_whole()
    {
        var text = string.Join(' ', Enumerable.Range(0, WordList.MaxWords).Select(i => "w" + Letters(i)));

        Assert.Equal(text, Read(text));
    }

    [Fact]
    public void A_very_long_word_is_cut() => Assert.Equal(new string('a', WordList.MaxWordLength) + " b", Read(new string('a', 500) + " b"));

    [Theory]
    [InlineData("\ud800\udc00 \ud800 x")]
    [InlineData("\0\u0001\u200b\u202e\ufeff")]
    [InlineData("日本語のとても長い文章です。東京の天気はどうですか")]
    [InlineData("مرحبا كيف حالك")]
    [InlineData("🙂🙂🙂 👩‍👩‍👧‍👦")]
    [InlineData("a\u0301\u0302\u0303\u0304")]
    public void Any_unicode_is_read_without_complaint(string text) => Assert.True(Read(text).Length <= text.Length * 2);

    [Fact]
    public void Nothing_but_signs_at_the_end_of_a_huge_text_is_passed_over_in_bounded_steps()
    {
        var text = "write me a script " + new string('!', 199_000);

        Assert.Equal("write me a script", Read(text));
    }

    private static string Letters(int number) => string.Concat(number.ToString("D4").Select(digit => (char)('a' + (digit - '0'))));

    private static string Read(string text)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        var read = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            read.Add(words.Text(i).ToString());
        }

        return string.Join(' ', read);
    }
}
