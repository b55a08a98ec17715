using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class FollowUpPolicyTests
{
    private static readonly RoutedTurn Essay = new("write me a long essay about the fall of rome", RouteTarget.Cloud, 0.97);
    private static readonly RoutedTurn Script = new(RouteRequests.Hard, RouteTarget.Cloud, 0.99);
    private static readonly RoutedTurn Weather = new(RouteRequests.Everyday, RouteTarget.Local, 0.01);

    private readonly Router _router = new();

    [Theory]
    [InlineData("now make it shorter")]
    [InlineData("and in French?")]
    [InlineData("explain the second one")]
    [InlineData("why?")]
    [InlineData("can you make it more formal")]
    [InlineData("continue")]
    [InlineData("what about the third paragraph")]
    [InlineData("are you sure")]
    [InlineData("give me an example")]
    [InlineData("put it in bullet points")]
    public void A_follow_up_stays_in_the_cloud(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text, Weather, Essay));

        Assert.Equal((RouteTarget.Cloud, "follow-up", Essay.Score), (decision.Target, decision.Policy, decision.Score));
    }

    [Theory]
    [InlineData("and tomorrow")]
    [InlineData("why?")]
    [InlineData("and in French?")]
    [InlineData("say that again")]
    [InlineData("make it shorter")]
    public void A_follow_up_stays_on_the_device(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text, Essay, Weather));

        Assert.Equal(RouteTarget.Local, decision.Target);
    }

    [Theory]
    [InlineData("what's the weather tomorrow")]
    [InlineData("set a timer for ten minutes")]
    [InlineData("turn off the lights")]
    [InlineData("who won the game last night")]
    [InlineData("add milk to my shopping list")]
    [InlineData("what did I say my name was")]
    [InlineData("call my mum")]
    [InlineData("good night")]
    public void A_new_everyday_subject_comes_back_to_the_device(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text, Essay));

        Assert.Equal((RouteTarget.Local, "classifier"), (decision.Target, decision.Policy));
    }

    [Theory]
    [InlineData("now write me a python script that does that for all my photos")]
    [InlineData("plan a two week trip through japan with kids day by day")]
    public void A_hard_turn_leaves_the_device_after_a_local_answer(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text, Weather));

        Assert.Equal(RouteTarget.Cloud, decision.Target);
    }

    [Fact]
    public void A_turn_that_takes_up_the_words_of_the_one_before_is_a_follow_up()
    {
        Assert.Equal("follow-up", _router.Decide(RouteRequests.Of("can the script rename the videos too", Script)).Policy);
    }

    [Fact]
    public void Thanks_in_between_change_no_subject()
    {
        var recent = new[] { Essay, new RoutedTurn("thanks, that's great", RouteTarget.Local, 0.01), new RoutedTurn("ok", RouteTarget.Local, 0.01) };

        Assert.Equal(RouteTarget.Cloud, _router.Decide(RouteRequests.Of("now make it shorter", recent)).Target);
    }

    [Fact]
    public void A_conversation_that_switches_its_subject_goes_back_and_forth()
    {
        (string Text, RouteTarget Expected)[] turns =
        [
            ("good morning", RouteTarget.Local),
            ("what's on my calendar today", RouteTarget.Local),
            ("compare leasing and buying a car for someone who drives thirty thousand kilometres a year and explain the trade offs", RouteTarget.Cloud),
            ("why", RouteTarget.Cloud),
            ("and for an electric one", RouteTarget.Cloud),
            ("put it in a table", RouteTarget.Cloud),
            ("what time is it", RouteTarget.Local),
            ("set a timer for five minutes", RouteTarget.Local),
            ("how do you say thank you in japanese", RouteTarget.Local),
            ("and in korean", RouteTarget.Local),
            ("write a function in rust that parses dates and unit tests for it", RouteTarget.Cloud),
            ("it doesn't compile", RouteTarget.Cloud),
            ("thanks", RouteTarget.Local),
            ("now do the same in go", RouteTarget.Cloud),
            ("tell me a joke", RouteTarget.Local),
        ];
        var recent = new List<RoutedTurn>();
        foreach (var (text, expected) in turns)
        {
            var decision = _router.Decide(RouteRequests.Of(text, [.. recent.TakeLast(4)]));

            Assert.True(expected == decision.Target, $"\"{text}\" went to {decision.Target}: {decision.Reason} ({decision.Policy})");
            recent.Add(new RoutedTurn(text, decision.Target, decision.Score));
        }
    }

    [Fact]
    public void It_can_be_turned_off()
    {
        var router = new Router(new RouterOptions { FollowUpThreshold = 1 });

        Assert.Equal("classifier", router.Decide(RouteRequests.Of("now make it shorter", Essay)).Policy);
    }

    [Fact]
    public void Without_a_turn_before_there_is_nothing_to_follow()
    {
        Assert.Equal("classifier", _router.Decide(RouteRequests.Of("now make it shorter")).Policy);
        Assert.Equal("classifier", _router.Decide(new RouteRequest { Turn = RouteRequests.Turn("why"), Cloud = RouteRequests.CloudReady }).Policy);
    }
}
