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
    [InlineData("keep it warm")]
    [InlineData("i use the local train")]
    [InlineData("take your time")]
    public void Words_that_only_sound_alike_are_no_request(string text) => Assert.NotEqual("explicit-words", _router.Decide(RouteRequests.Of(text)).Policy);

    [Fact]
    public void Wishes_for_thought_can_be_turned_off_wishes_for_privacy_cannot()
    {
        var router = new Router(new RouterOptions { HeedWords = false });

        Assert.Equal("classifier", router.Decide(RouteRequests.Of("think hard")).Policy);
        Assert.Equal("private", router.Decide(RouteRequests.Of("keep this private")).Policy);
    }
}
