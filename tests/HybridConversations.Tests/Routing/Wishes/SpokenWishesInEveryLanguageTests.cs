using HybridConversations.Routing;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Routing.Wishes;

/// <summary>The wishes of <c>spoken-wishes.txt</c>: a wish for privacy that is missed is the worst mistake there is.</summary>
public sealed class SpokenWishesInEveryLanguageTests
{
    private const string Before = "the wish spoken before";

    public static TheoryData<string, string, string> Spoken()
    {
        var spoken = new TheoryData<string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(RepositoryFiles.Root, "tests", "HybridConversations.Tests", "Routing", "Wishes", "spoken-wishes.txt")))
        {
            if (line.Split(' ', 3) is [not "#", var kind, var text] && line[0] != '#')
            {
                spoken.Add(line[..2], kind, text);
            }
        }

        return spoken;
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void Is_heard(string language, string kind, string text)
    {
        var privacy = SpokenPrivacy.Of(text, earlier: null);
        var after = SpokenPrivacy.Of(text, Before);
        var route = new Router().Decide(RouteRequests.Of(text));

        Assert.True(language.Length == 2);
        Assert.Equal(kind == "private", privacy.Holds);
        Assert.Equal(kind == "private", route.Policy == "private");
        Assert.Equal(kind != "lift", after.Holds);
        Assert.True(after.Covers);
        if (kind is "cloud" or "local")
        {
            Assert.Equal("explicit-words", route.Policy);
            Assert.Equal(kind == "cloud" ? RouteTarget.Cloud : RouteTarget.Local, route.Target);
        }
        else if (kind != "lift")
        {
            // A lift may ask for the cloud in the same words: "use the cloud again".
            Assert.NotEqual("explicit-words", route.Policy);
        }
    }

    /// <summary>In the middle of a long story, in capitals, without accents: as people type and as recognisers write.</summary>
    [Theory]
    [MemberData(nameof(Spoken))]
    public void A_wish_for_privacy_is_heard_wherever_it_stands(string language, string kind, string text)
    {
        if (kind != "private")
        {
            return;
        }

        Assert.True(language.Length == 2);
        var story = string.Concat(Enumerable.Repeat("bla blub 12 ", 400));
        Assert.True(SpokenPrivacy.Of(story + text + " " + story, null).Holds);
        Assert.True(SpokenPrivacy.Of(story + text.ToUpperInvariant(), null).Holds);
        Assert.True(SpokenPrivacy.Of(text.Normalize(System.Text.NormalizationForm.FormD), null).Holds);
    }
}
