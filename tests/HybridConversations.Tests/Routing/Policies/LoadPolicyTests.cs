using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class LoadPolicyTests
{
    /// <summary>In doubt at the thresholds used here.</summary>
    private const string Doubtful = "explain the rules of chess in detail";

    private readonly double _score = new Router().Explain(Doubtful).Score;

    [Fact]
    public void A_saturated_device_gives_away_what_is_in_doubt()
    {
        var router = new Router(new RouterOptions { Threshold = _score + 0.0005, BusyThreshold = _score / 2 });

        var idle = router.Decide(RouteRequests.Of(Doubtful));
        var busy = router.Decide(RouteRequests.Of(Doubtful) with { Device = RouteRequests.DeviceSaturated });

        Assert.Equal((RouteTarget.Local, "classifier"), (idle.Target, idle.Policy));
        Assert.Equal((RouteTarget.Cloud, "load"), (busy.Target, busy.Policy));
        Assert.Contains("12 of 16 waiting", busy.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saturated_device_keeps_what_is_plainly_everyday()
    {
        var decision = new Router().Decide(RouteRequests.Of(RouteRequests.Everyday) with { Device = RouteRequests.DeviceSaturated });

        Assert.Equal((RouteTarget.Local, "classifier"), (decision.Target, decision.Policy));
    }

    [Theory]
    [InlineData(DeviceState.Failed, RouteTarget.Cloud)]
    [InlineData(DeviceState.Stopping, RouteTarget.Cloud)]
    [InlineData(DeviceState.Draining, RouteTarget.Local)]
    [InlineData(DeviceState.Ready, RouteTarget.Local)]
    public void A_device_that_cannot_answer_gives_away_everything(DeviceState state, RouteTarget expected)
    {
        var decision = new Router().Decide(RouteRequests.Of(RouteRequests.Everyday) with { Device = RouteRequests.DeviceIdle with { State = state } });

        Assert.Equal(expected, decision.Target);
    }

    [Fact]
    public void A_wish_for_the_device_holds_however_busy_it_is()
    {
        var decision = new Router().Decide(RouteRequests.Of("stay local " + RouteRequests.Hard) with { Device = RouteRequests.DeviceIdle with { State = DeviceState.Failed } });

        Assert.Equal((RouteTarget.Local, "explicit-words"), (decision.Target, decision.Policy));
    }

    [Fact]
    public void Without_a_cloud_load_changes_nothing()
    {
        var request = RouteRequests.Of(RouteRequests.Everyday) with { Device = RouteRequests.DeviceIdle with { State = DeviceState.Failed } };

        Assert.Equal("classifier", new Router().Decide(request with { Cloud = null }).Policy);
        Assert.Equal("classifier", new Router().Decide(request with { Cloud = RouteRequests.CloudReady with { Available = false } }).Policy);
    }

    [Fact]
    public void An_unknown_device_counts_as_idle() =>
        Assert.Equal(RouteTarget.Local, new Router().Decide(RouteRequests.Of(RouteRequests.Everyday) with { Device = null }).Target);
}
