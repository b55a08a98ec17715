using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class TextMarksTests
{
    [Theory]
    [InlineData("what's the weather like tomorrow?", 0, 0, 0, 0, 0)]
    [InlineData("I'd like a coffee, e.g. at 7:30 - or so.", 0, 0, 0, 0, 0)]
    [InlineData("set a timer for 3*4 minutes", 1, 0, 0, 0, 0)]
    [InlineData("Find Re(Li2(i))", 0, 2, 1, 0, 0)]
    [InlineData("x + y = z²", 3, 0, 1, 0, 0)]
    [InlineData("it costs $5 or 10/12", 1, 0, 0, 0, 0)]
    [InlineData(@"compute \frac{1}{n}", 0, 0, 1, 1, 4)]
    [InlineData("привет, я и ты в доме", 0, 0, 0, 0, 0)]
    [InlineData("这是什么？", 0, 0, 0, 0, 0)]
    [InlineData("", 0, 0, 0, 0, 0)]
    public void Signs_are_counted(string text, int operators, int calls, int variables, int markup, int code) =>
        Assert.Equal(new TextMarks(operators, calls, variables, markup, code), TextMarks.Of(text));
}
