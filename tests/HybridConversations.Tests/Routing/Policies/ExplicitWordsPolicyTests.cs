using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class ExplicitWordsPolicyTests
{
    private readonly Router _router = new();

    [Theory]
    [InlineData("think hard")]
    [InlineData("Think harder!")]
    [InlineData("um think really hard about what I should say to him")]
    [InlineData("what's the best move here think hard")]
    [InlineData("please think hard before you answer")]
    [InlineData("can you think harder about that")]
    [InlineData("could you think very hard please")]
    [InlineData("i want you to think hard about it")]
    [InlineData("I need you to think hard.")]
    [InlineData("okay now think a bit harder")]
    [InlineData("think long and hard")]
    [InlineData("think carefully what year was it")]
    [InlineData("Think step by step: is it a leap year")]
    [InlineData("ask the cloud")]
    [InlineData("um could you ask the cloud what that is")]
    [InlineData("use the cloud for this one")]
    [InlineData("send this to the cloud")]
    [InlineData("please use the big model")]
    [InlineData("use your bigger brain")]
    [InlineData("ask the smarter model please")]
    [InlineData("take your time and think")]
    [InlineData("take your time to think about it")]
    [InlineData("take all the time you need and think")]
    [InlineData("ask chat gpt")]
    [InlineData("answer that in the cloud")]
    [InlineData("give this some serious thought")]
    public void A_request_to_think_goes_to_the_cloud(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text));

        Assert.Equal((RouteTarget.Cloud, "explicit-words"), (decision.Target, decision.Policy));
        Assert.Equal(1, decision.Score);
        Assert.Contains('"', decision.Reason);
    }

    [Theory]
    [InlineData("don't think too hard just tell me the time")]
    [InlineData("don't think too hard")]
    [InlineData("do not think too long about it")]
    [InlineData("don't overthink it")]
    [InlineData("stay local")]
    [InlineData("please stay offline for this")]
    [InlineData("answer locally")]
    [InlineData("use the small model")]
    [InlineData("use the local model please")]
    [InlineData("don't ask the cloud")]
    [InlineData("please don't use the cloud for this")]
    [InlineData("do not use the big model")]
    [InlineData("never ask the cloud")]
    [InlineData("without the cloud please write me a long essay about rome")]
    public void A_request_for_the_device_stays(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text));

        Assert.Equal((RouteTarget.Local, "explicit-words"), (decision.Target, decision.Policy));
    }

    [Theory]
    [InlineData("keep this private")]
    [InlineData("keep this private my salary is fifty thousand write me a python script that works out my tax")]
    [InlineData("Please keep it strictly confidential.")]
    [InlineData("keep that between us")]
    [InlineData("keep this to yourself")]
    [InlineData("keep it on the device")]
    [InlineData("keep everything off the internet")]
    [InlineData("this stays private")]
    [InlineData("this must stay on the device")]
    [InlineData("this is private so plan my finances for the next ten years")]
    [InlineData("it's confidential")]
    [InlineData("don't send this to the cloud")]
    [InlineData("please do not send any of this to the cloud analyse my contract")]
    [InlineData("never upload my data to a server")]
    [InlineData("don't share that with anyone")]
    [InlineData("don't tell anyone but i lost my job")]
    [InlineData("don't let this leave the device")]
    [InlineData("just between you and me")]
    [InlineData("off the record")]
    [InlineData("i want to keep this private")]
    [InlineData("think hard but don't send this to the cloud")]
    public void A_wish_for_privacy_stays_even_against_a_demand(string text)
    {
        var request = RouteRequests.Of(text);

        foreach (var think in new[] { ThinkMode.Auto, ThinkMode.Cloud })
        {
            var decision = _router.Decide(request with { Turn = request.Turn with { Think = think } });

            Assert.Equal((RouteTarget.Local, "explicit-words"), (decision.Target, decision.Policy));
            Assert.Contains("asks to keep", decision.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("i think hard cheese is better than soft")]
    [InlineData("do you think hard work pays off")]
    [InlineData("I think hard shell suitcases are best.")]
    [InlineData("people who think hard get tired")]
    [InlineData("does it make you think harder")]
    [InlineData("think hard rock is great music")]
    [InlineData("what do you think")]
    [InlineData("why did you ask the cloud")]
    [InlineData("did you use the cloud")]
    [InlineData("when do you ask the cloud")]
    [InlineData("what happens if i ask the cloud")]
    [InlineData("how do you use the cloud")]
    [InlineData("what does cloud nine mean")]
    [InlineData("use the big pan")]
    [InlineData("i had to think hard yesterday")]
    [InlineData("is this private")]
    [InlineData("book a private room")]
    [InlineData("what's a private in the army")]
    [InlineData("how do i keep this private")]
    [InlineData("send this to my boss")]
    [InlineData("can you send it to anyone in the office")]
    [InlineData("keep it warm")]
    [InlineData("i use the local train")]
    [InlineData("take your time")]
    public void Words_that_only_sound_alike_are_no_request(string text) => Assert.NotEqual("explicit-words", _router.Decide(RouteRequests.Of(text)).Policy);

    [Fact]
    public void A_wish_for_privacy_holds_for_the_turns_after_it()
    {
        var secret = new RoutedTurn("keep this private my salary is fifty thousand", RouteTarget.Local, 0);

        var decision = _router.Decide(RouteRequests.Of(RouteRequests.Hard, secret, new RoutedTurn("thanks", RouteTarget.Local, 0)));

        Assert.Equal((RouteTarget.Local, "explicit-words"), (decision.Target, decision.Policy));
        Assert.Contains("a moment ago", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_may_lift_their_own_wish_for_privacy()
    {
        var secret = new RoutedTurn("keep this private my salary is fifty thousand", RouteTarget.Local, 0);

        Assert.Equal(RouteTarget.Cloud, _router.Decide(RouteRequests.Of("okay now ask the cloud", secret)).Target);
    }

    [Fact]
    public void Wishes_for_thought_can_be_turned_off_wishes_for_privacy_cannot()
    {
        var router = new Router(new RouterOptions { HeedWords = false });

        Assert.Equal("classifier", router.Decide(RouteRequests.Of("think hard")).Policy);
        Assert.Equal("explicit-words", router.Decide(RouteRequests.Of("keep this private")).Policy);
    }
}
