using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class DemandPolicyTests
{
    private readonly Router _router = new();

    [Fact]
    public void A_private_turn_stays_whatever_it_says()
    {
        var decision = Decide(turn => turn with { Private = true, Think = ThinkMode.Cloud, Text = "think hard and ask the cloud: " + RouteRequests.Hard });

        Assert.Equal(RouteTarget.Local, decision.Target);
        Assert.Equal("private", decision.Policy);
        Assert.Contains("private", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_turn_stays_on_a_saturated_and_on_a_failed_device()
    {
        foreach (var device in new[] { RouteRequests.DeviceSaturated, RouteRequests.DeviceIdle with { State = DeviceState.Failed } })
        {
            var request = RouteRequests.Of(RouteRequests.Hard) with { Device = device };

            var decision = _router.Decide(request with { Turn = request.Turn with { Private = true } });

            Assert.Equal(RouteTarget.Local, decision.Target);
        }
    }

    [Fact]
    public void The_caller_may_ask_for_the_device()
    {
        var decision = Decide(turn => turn with { Think = ThinkMode.Local, Text = RouteRequests.Hard });

        Assert.Equal((RouteTarget.Local, "demand"), (decision.Target, decision.Policy));
    }

    [Fact]
    public void The_caller_may_ask_for_the_cloud()
    {
        var decision = Decide(turn => turn with { Think = ThinkMode.Cloud, Text = RouteRequests.Everyday });

        Assert.Equal((RouteTarget.Cloud, "demand", 1.0), (decision.Target, decision.Policy, decision.Score));
    }

    [Fact]
    public void The_callers_demand_outweighs_the_persons_words()
    {
        var decision = Decide(turn => turn with { Think = ThinkMode.Local, Text = "think hard about this" });

        Assert.Equal((RouteTarget.Local, "demand"), (decision.Target, decision.Policy));
    }

    private RouteDecision Decide(Func<Turn, Turn> change)
    {
        var request = RouteRequests.Of("x");
        return _router.Decide(request with { Turn = change(request.Turn) });
    }
}
