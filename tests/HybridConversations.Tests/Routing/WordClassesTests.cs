using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class WordClassesTests
{
    [Fact]
    public void Words_of_one_class_share_it()
    {
        Assert.NotEqual(0ul, WordClasses.Of("kotlin") & WordClasses.Of("lua"));
        Assert.NotEqual(0ul, WordClasses.Of("milk") & WordClasses.Of("cheese"));
        Assert.Equal(0ul, WordClasses.Of("kotlin") & WordClasses.Of("cheese"));
    }

    [Fact]
    public void A_plural_has_the_classes_of_its_singular() => Assert.Equal(WordClasses.Of("integral"), WordClasses.Of("integrals"));

    [Fact]
    public void An_unknown_word_has_none() => Assert.Equal(0ul, WordClasses.Of("xyzzy"));
}
