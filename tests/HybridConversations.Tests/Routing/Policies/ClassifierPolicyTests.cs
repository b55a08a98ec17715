using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class ClassifierPolicyTests
{
    private readonly Router _router = new();

    [Theory]
    [InlineData("who wrote the script of titanic")]
    [InlineData("what's the zip code of beverly hills")]
    [InlineData("is there a dress code")]
    [InlineData("my door code is 4512")]
    [InlineData("write that down")]
    [InlineData("what's the plan for today")]
    [InlineData("cancel my phone plan")]
    [InlineData("What's the weather in Berlin tomorrow?")]
    [InlineData("Translate \"good luck\" into Swedish, please.")]
    [InlineData("what is 12 times 12")]
    [InlineData("remind me to finish my essay")]
    [InlineData("what does algorithm mean")]
    [InlineData("how long does a python live")]
    [InlineData("")]
    [InlineData("um")]
    public void Everyday_turns_stay(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text));

        Assert.Equal((RouteTarget.Local, "classifier"), (decision.Target, decision.Policy));
    }

    [Theory]
    [InlineData("um write me a script that renames my photos by date")]
    [InlineData("plan a two week trip to japan with kids on a small budget day by day")]
    [InlineData("compare renting and buying a flat and explain the trade offs")]
    [InlineData("prove that there are infinitely many primes")]
    [InlineData("Why does my C program crash with a segmentation fault?")]
    [InlineData("write a five page essay about the causes of the french revolution")]
    [InlineData("design a system that handles a million chat messages a second")]
    [InlineData("analyse the strengths and weaknesses of this argument in detail")]
    public void Hard_turns_go(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text));

        Assert.Equal((RouteTarget.Cloud, "classifier"), (decision.Target, decision.Policy));
        Assert.True(decision.Score >= RouterOptions.DefaultThreshold);
    }

    [Fact]
    public void The_reason_is_a_sentence_with_score_threshold_and_the_strongest_words()
    {
        var decision = _router.Decide(RouteRequests.Of("write me a python script that sorts my photos"));

        Assert.Matches(@"^Needs the cloud: probability [01]\.\d\d, threshold 0\.\d\d; strongest words: \w+, \w+, \w+\.$", decision.Reason);
        Assert.Matches("script|python|write", decision.Reason);
    }

    [Fact]
    public void The_threshold_decides()
    {
        var score = _router.Explain("explain the rules of chess in detail").Score;
        Assert.InRange(score, 0.001, 0.999);

        Assert.Equal(RouteTarget.Cloud, new Router(new RouterOptions { Threshold = score * 0.99 }).Decide(RouteRequests.Of("explain the rules of chess in detail")).Target);
        Assert.Equal(RouteTarget.Local, new Router(new RouterOptions { Threshold = Math.Min(0.9999, score * 1.01) }).Decide(RouteRequests.Of("explain the rules of chess in detail")).Target);
    }
}
