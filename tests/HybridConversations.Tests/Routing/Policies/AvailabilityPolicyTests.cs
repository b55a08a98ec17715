using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing.Policies;

public sealed class AvailabilityPolicyTests
{
    private static readonly EscalationStatus BudgetSpent = RouteRequests.CloudReady with { Available = false, Reason = "the daily budget of 5.00 is spent." };

    private readonly Router _router = new();

    [Theory]
    [InlineData(RouteRequests.Hard)]
    [InlineData("think hard about this")]
    public void A_cloud_that_cannot_be_asked_is_not_asked_and_the_reason_is_on_record(string text)
    {
        var decision = _router.Decide(RouteRequests.Of(text) with { Cloud = BudgetSpent });

        Assert.Equal((RouteTarget.Local, "budget"), (decision.Target, decision.Policy));
        Assert.Contains("the daily budget of 5.00 is spent", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_endpoint_hard_turns_stay_with_that_reason()
    {
        var decision = _router.Decide(RouteRequests.Of(RouteRequests.Hard) with { Cloud = null });

        Assert.Equal((RouteTarget.Local, "budget"), (decision.Target, decision.Policy));
        Assert.Contains("no cloud endpoint is configured", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Everyday_turns_do_not_mention_the_cloud() => Assert.Equal("classifier", _router.Decide(RouteRequests.Of(RouteRequests.Everyday) with { Cloud = BudgetSpent }).Policy);

    [Fact]
    public void A_turn_that_forbids_the_fallback_keeps_its_target()
    {
        var request = RouteRequests.Of(RouteRequests.Hard) with { Cloud = BudgetSpent };

        var decision = _router.Decide(request with { Turn = request.Turn with { AllowFallback = false } });

        Assert.Equal((RouteTarget.Cloud, "classifier"), (decision.Target, decision.Policy));
    }
}
