using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class DeadlinePolicyTests
{
    private readonly Router _router = new(new RouterOptions { CloudReplyMs = 3000 });

    [Theory]
    [InlineData(2000, RouteTarget.Local, "deadline")]
    [InlineData(2999, RouteTarget.Local, "deadline")]
    [InlineData(3000, RouteTarget.Cloud, "classifier")]
    [InlineData(null, RouteTarget.Cloud, "classifier")]
    public void A_turn_that_is_due_before_the_cloud_can_answer_stays(int? deadlineMs, RouteTarget target, string policy)
    {
        var decision = Decide(RouteRequests.Hard, deadlineMs);

        Assert.Equal((target, policy), (decision.Target, decision.Policy));
    }

    [Fact]
    public void The_reason_says_both_times() => Assert.Equal("The answer is due in 2000 ms and the cloud takes about 3000 ms.", Decide(RouteRequests.Hard, 2000).Reason);

    [Fact]
    public void A_measured_time_of_the_cloud_outweighs_the_option()
    {
        var request = RouteRequests.Of(RouteRequests.Hard);
        request = request with { Turn = request.Turn with { DeadlineMs = 2000 }, CloudReplyMs = 1500 };

        Assert.Equal(RouteTarget.Cloud, _router.Decide(request).Target);
    }

    [Fact]
    public void A_wish_and_a_demand_go_to_the_cloud_however_late()
    {
        var request = RouteRequests.Of(RouteRequests.Everyday);

        Assert.Equal(RouteTarget.Cloud, Decide("think hard about this", 500).Target);
        Assert.Equal(RouteTarget.Cloud, _router.Decide(request with { Turn = request.Turn with { DeadlineMs = 500, Think = ThinkMode.Cloud } }).Target);
    }

    private RouteDecision Decide(string text, int? deadlineMs)
    {
        var request = RouteRequests.Of(text);
        return _router.Decide(request with { Turn = request.Turn with { DeadlineMs = deadlineMs } });
    }
}
