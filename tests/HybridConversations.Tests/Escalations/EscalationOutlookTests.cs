using HybridConversations.Escalations;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Escalations;

/// <summary>What a router sees of an endpoint without asking anyone.</summary>
public sealed class EscalationOutlookTests
{
    private static CloudOptions Cheap(CloudOptions options, CloudBudgets budgets) =>
        options with { MaxOutputTokens = 100, Prices = new CloudPrices { Output = 1_000m }, Budgets = budgets };

    [Fact]
    public async Task A_spent_budget_holds_up_its_tenant_alone_and_until_its_period_is_over()
    {
        var time = new ManualTime();
        var budgets = new CloudBudgets
        {
            Daily = 0.1m,
            Tenants = new Dictionary<string, TenantBudget> { ["monthly"] = new TenantBudget(null, 0.1m), ["rich"] = new TenantBudget(null, null) },
        };
        await using var cloud = await CloudFixture.Start(o => Cheap(o, budgets), time);
        Assert.True(cloud.Escalation.Outlook.For("daily").Available);

        foreach (var tenant in (string[])["daily", "monthly", "rich"])
        {
            await cloud.Ask(CloudFixture.Request(tenant: tenant));
        }

        var outlook = cloud.Escalation.Outlook;
        Assert.Equal((false, "The tenant's budget of the day is spent."), (outlook.For("daily").Available, outlook.For("daily").Reason));
        Assert.Equal((false, "The tenant's budget of the month is spent."), (outlook.For("monthly").Available, outlook.For("monthly").Reason));
        Assert.True(outlook.For("rich").Available);
        Assert.Equal((0.018m, 0.018m), (outlook.SpentToday, outlook.SpentThisMonth));

        time.Advance(TimeSpan.FromDays(1));
        outlook = cloud.Escalation.Outlook;
        Assert.Equal((true, false), (outlook.For("daily").Available, outlook.For("monthly").Available));
        Assert.Equal((0m, 0.018m), (outlook.SpentToday, outlook.SpentThisMonth));
        time.Advance(TimeSpan.FromDays(20));
        Assert.True(cloud.Escalation.Outlook.For("monthly").Available);
        Assert.Equal((0m, 0m), (cloud.Escalation.Outlook.SpentToday, cloud.Escalation.Outlook.SpentThisMonth));
    }

    [Fact]
    public async Task The_budget_of_all_holds_up_everyone_and_a_call_under_way_counts()
    {
        await using var cloud = await CloudFixture.Start(o => Cheap(o, new CloudBudgets { TotalDaily = 0.15m }));
        var hold = new Hold();
        cloud.Server.Next(Misbehaviour.SlowFirstToken(hold));
        var asked = cloud.Ask(CloudFixture.Request(tenant: "a"));
        await hold.Reached;
        Assert.Equal("The endpoint's budget of the day is spent.", cloud.Escalation.Outlook.For("b").Reason);
        Assert.Equal(1, cloud.Escalation.Outlook.InFlight);

        hold.Release();
        await asked;
        Assert.True(cloud.Escalation.Outlook.For("b").Available);
        Assert.Equal(0.006m, cloud.Escalation.Outlook.SpentToday);
    }

    [Fact]
    public async Task Whoever_asks_the_endpoint_next_recalls_what_was_spent()
    {
        await using var cloud = await CloudFixture.Start(o => Cheap(o, new CloudBudgets { Daily = 0.1m }));
        await cloud.Ask(CloudFixture.Request(tenant: "a"));
        var next = new Escalation(cloud.Options, cloud.Model, cloud.Ledger);
        Assert.True(next.Outlook.For("a").Available);

        await next.Recall();

        Assert.Equal((false, true), (next.Outlook.For("a").Available, next.Outlook.For("b").Available));
        Assert.Equal((0.006m, 0.006m), (next.Outlook.SpentToday, next.Outlook.SpentThisMonth));
    }

    [Fact]
    public async Task A_resting_endpoint_says_for_how_long()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(time: time);
        cloud.Server.Next(Misbehaviour.RateLimited(retryAfter: "30"));
        await cloud.Fail();
        Assert.StartsWith("It is not asked for another 30 s", cloud.Escalation.Outlook.For("anyone").Reason, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(cloud.Escalation.Outlook.For("anyone").Available);
    }
}
